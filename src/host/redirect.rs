//! `--connect-to HOST1:PORT1:HOST2:PORT2`, as curl has it.
//!
//! A connection that the script asks for to HOST1:PORT1 goes to HOST2:PORT2. An empty HOST1 or PORT1 means any, an empty
//! HOST2 or PORT2 means the one that was asked for. IPv6 addresses stand in brackets. The first rule that fits counts.

/// The rules, in the order they were given.
#[derive(Clone, Debug, Default)]
pub struct Redirections {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    from_host: Option<String>,
    from_port: Option<u16>,
    to_host: Option<String>,
    to_port: Option<u16>,
}

impl Redirections {
    /// Adds a rule; the error says what is wrong with its text.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        let wrong = || format!("'{text}' is not of the form HOST1:PORT1:HOST2:PORT2");
        let (from_host, rest) = take_host(text).ok_or_else(wrong)?;
        let (from_port, rest) = rest.split_once(':').ok_or_else(wrong)?;
        let (to_host, to_port) = take_host(rest).ok_or_else(wrong)?;
        let rule = Rule {
            from_host: given(from_host).map(str::to_ascii_lowercase),
            from_port: port(from_port).ok_or_else(wrong)?,
            to_host: given(to_host).map(str::to_owned),
            to_port: port(to_port).ok_or_else(wrong)?,
        };
        self.rules.push(rule);
        Ok(())
    }

    /// Whether there are no rules.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Where a connection to this host and port goes.
    pub fn apply<'a>(&'a self, host: &'a str, port: u16) -> (&'a str, u16) {
        let rule = self.rules.iter().find(|rule| {
            rule.from_host.as_ref().is_none_or(|from| from.eq_ignore_ascii_case(host))
                && rule.from_port.is_none_or(|from| from == port)
        });
        match rule {
            Some(rule) => (rule.to_host.as_deref().unwrap_or(host), rule.to_port.unwrap_or(port)),
            None => (host, port),
        }
    }
}

/// Splits `host:rest` or `[host]:rest`.
fn take_host(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once("]:"),
        None => text.split_once(':'),
    }
}

fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// `Some(None)` if it is empty, `None` if it is no port.
fn port(text: &str) -> Option<Option<u16>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(texts: &[&str]) -> Redirections {
        let mut redirections = Redirections::default();
        for text in texts {
            redirections.add(text).expect("a rule");
        }
        redirections
    }

    #[test]
    fn first_rule_that_fits_counts() {
        let rules = rules(&["Example.com:80:127.0.0.1:8080", "example.com::[::1]:", ":443::8443"]);
        assert_eq!(rules.apply("example.com", 80), ("127.0.0.1", 8080));
        assert_eq!(rules.apply("EXAMPLE.com", 81), ("::1", 81));
        assert_eq!(rules.apply("other.org", 443), ("other.org", 8443));
        assert_eq!(rules.apply("other.org", 80), ("other.org", 80));
    }

    #[test]
    fn wrong_rules_are_refused() {
        for text in ["", "a", "a:1:b", "a:x:b:2", "[::1:1:b:2", "a:1:b:70000", "a:1:b:2:3"] {
            assert!(Redirections::default().add(text).is_err(), "{text}");
        }
    }
}
