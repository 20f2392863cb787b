//! Where in an expression its operator, its brackets or its arguments are: what carets point at.
//!
//! The instruction tells what kind of expression a piece of text is; a walk over its characters, which knows strings,
//! comments and brackets, finds the place. So nothing has to be parsed again.

/// What kind of expression a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Binary,
    Subscript,
    Call,
    /// What a loop or a `with` is about: its text says what it is.
    Primary,
    Other,
}

/// The characters [start, end) of a segment that carets point at.
pub(super) fn find(segment: &[char], node: Node) -> Option<(usize, usize)> {
    match node {
        Node::Other => None,
        Node::Binary => Walk::new(segment).find_operator(),
        Node::Subscript => Walk::new(segment).find_bracket('[', ']'),
        Node::Call => Walk::new(segment).find_bracket('(', ')'),
        Node::Primary if !Walk::new(segment).sees_primary() => None,
        Node::Primary if segment.last() == Some(&']') => Walk::new(segment).find_bracket('[', ']'),
        Node::Primary => Walk::new(segment).find_bracket('(', ')'),
    }
}

struct Walk<'s> {
    text: &'s [char],
    at: usize,
    depth: usize,
}

impl<'s> Walk<'s> {
    fn new(text: &'s [char]) -> Self {
        Walk { text, at: 0, depth: 0 }
    }

    fn peek(&self, ahead: usize) -> char {
        self.text.get(self.at + ahead).copied().unwrap_or('\0')
    }

    /// Whether the text is a name with attributes, calls and subscripts, and nothing else.
    fn sees_primary(&mut self) -> bool {
        while self.at < self.text.len() {
            let here = self.peek(0);
            match here {
                '(' | '[' => {
                    self.depth += 1;
                    self.at += 1;
                }
                ')' | ']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.at += 1;
                }
                _ if self.depth == 0 && !(here.is_alphanumeric() || here == '_' || here == '.') => return false,
                _ => self.skip_plain(),
            }
        }
        true
    }

    /// The last bracket outside of others, if the text ends where it is closed.
    fn find_bracket(mut self, open: char, close: char) -> Option<(usize, usize)> {
        if self.text.last() != Some(&close) {
            return None;
        }
        let mut found = None;
        while self.at < self.text.len() {
            let here = self.at;
            match self.peek(0) {
                '(' | '[' | '{' => {
                    if self.depth == 0 {
                        found = Some(here);
                    }
                    self.depth += 1;
                    self.at += 1;
                }
                ')' | ']' | '}' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.at += 1;
                }
                _ => self.skip_plain(),
            }
        }
        let start = found?;
        (start > 0 && self.text[start] == open).then_some((start, self.text.len()))
    }

    /// The binary operator that is done last.
    fn find_operator(mut self) -> Option<(usize, usize)> {
        let mut best: Option<(u8, usize, usize)> = None;
        let mut after_operand = false;
        while self.at < self.text.len() {
            let here = self.at;
            match self.peek(0) {
                '(' | '[' | '{' => {
                    self.depth += 1;
                    self.at += 1;
                    after_operand = false;
                }
                ')' | ']' | '}' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.at += 1;
                    after_operand = true;
                }
                character if character.is_whitespace() || character == '\\' => self.at += 1,
                '#' => self.skip_plain(),
                _ => match self.operator() {
                    Some((level, len)) => {
                        let is_better = match best {
                            // Powers are done from the right.
                            Some((known, ..)) => level < known || (level == known && level != POWER),
                            None => true,
                        };
                        if self.depth == 0 && after_operand && is_better {
                            best = Some((level, here, here + len));
                        }
                        self.at += len;
                        after_operand = false;
                    }
                    None => {
                        self.skip_plain();
                        after_operand = true;
                    }
                },
            }
        }
        best.map(|(_, start, end)| (start, end))
    }

    /// Level and length of the operator here.
    fn operator(&self) -> Option<(u8, usize)> {
        match (self.peek(0), self.peek(1)) {
            ('*', '*') => Some((POWER, 2)),
            ('/', '/') => Some((6, 2)),
            ('<', '<') | ('>', '>') => Some((4, 2)),
            ('|', _) => Some((1, 1)),
            ('^', _) => Some((2, 1)),
            ('&', _) => Some((3, 1)),
            ('+' | '-', _) => Some((5, 1)),
            ('*' | '/' | '%' | '@', _) => Some((6, 1)),
            _ => None,
        }
    }

    /// A word, a string, a comment, or any other character.
    fn skip_plain(&mut self) {
        let first = self.peek(0);
        if first == '#' {
            while self.at < self.text.len() && self.peek(0) != '\n' {
                self.at += 1;
            }
            return;
        }
        if first == '"' || first == '\'' {
            return self.skip_string(false);
        }
        if !is_word(first) {
            self.at += 1;
            return;
        }
        let start = self.at;
        while is_word(self.peek(0)) || (self.peek(0) == '.' && first.is_ascii_digit()) {
            // The sign of an exponent belongs to the number.
            let is_exponent = first.is_ascii_digit() && matches!(self.peek(0), 'e' | 'E');
            self.at += 1;
            if is_exponent && matches!(self.peek(0), '+' | '-') && !is_hexadecimal(&self.text[start..self.at]) {
                self.at += 1;
            }
        }
        if matches!(self.peek(0), '"' | '\'') && self.at - start <= 2 {
            let is_formatted = self.text[start..self.at].iter().any(|letter| matches!(letter, 'f' | 'F'));
            self.skip_string(is_formatted);
        }
    }

    fn skip_string(&mut self, is_formatted: bool) {
        let quote = self.peek(0);
        let n_quotes = if self.peek(1) == quote && self.peek(2) == quote { 3 } else { 1 };
        self.at += n_quotes;
        let mut depth = 0;
        while self.at < self.text.len() {
            let character = self.peek(0);
            if depth == 0 && (0..n_quotes).all(|ahead| self.peek(ahead) == quote) {
                self.at += n_quotes;
                return;
            }
            match character {
                '\\' => self.at += 1,
                '{' if is_formatted && self.peek(1) == '{' && depth == 0 => self.at += 1,
                '{' if is_formatted => depth += 1,
                '}' if is_formatted && depth > 0 => depth -= 1,
                '"' | '\'' if depth > 0 => {
                    self.skip_string(false);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}

const POWER: u8 = 8;

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn is_hexadecimal(number: &[char]) -> bool {
    matches!(number, ['0', 'x' | 'X', ..])
}
