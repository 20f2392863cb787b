//! The command line.

use std::time::Duration;

use crate::engine::EngineOptions;
use crate::host::{Clock, HostOptions, Redirections, default_memory_limit};

pub const HELP: &str = "\
aspen: Python's syntax and semantics on a fast machine, with asyncio as part of the language

  aspen FILE [ARGUMENT...]           run a file
  aspen run [OPTION...] FILE [...]   the same, with options
  aspen -c TEXT [ARGUMENT...]        run a text
  aspen - [ARGUMENT...]              run what comes on standard input
  aspen                              the prompt
  aspen dump STAGE FILE              show what a stage makes of a file:
                                     --tokens, --ast, --scopes or --code

  --strict                 CPython 3.13 to the letter: no old spellings, no names without import,
                           no 'await' outside of functions
  --hints                  show the modern form of old spellings, once per place
  -W ACTION:MESSAGE:CATEGORY:MODULE:LINE
                           what is done with warnings, as in CPython
  --virtual-time           time jumps to the next deadline when all wait
  --connect-to HOST1:PORT1:HOST2:PORT2
                           connect to HOST2:PORT2 where the program says HOST1:PORT1
  --memory SIZE            bytes that the program may use, as 500M or 2G
  --fuel N                 calls and rounds of loops that it may execute
  --time SECONDS           how long it may run
  --help, --version

ASPENPATH lists directories where modules are looked for after that of the file.
Exit codes: 0, 1 uncaught exception, 2 usage or syntax, 3 deadlock, 130 interrupted.
";

/// What the command is to do.
pub struct Command {
    pub action: Action,
    pub options: EngineOptions,
    /// `-W`, for `sys.warnoptions`.
    pub warnings: Vec<String>,
    /// What follows the file, for `sys.argv`.
    pub arguments: Vec<Vec<u8>>,
}

pub enum Action {
    Help,
    Version,
    Dump { stage: Stage, file: String },
    File(String),
    Text(Vec<u8>),
    Input,
    Prompt,
}

/// What `aspen dump` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Tokens,
    Tree,
    Scopes,
    Code,
}

/// Reads the arguments; the error says what is wrong with them.
pub fn parse(given: Vec<Vec<u8>>) -> Result<Command, String> {
    let mut given = given.into_iter().peekable();
    let mut command = unasked();
    match given.peek().map(Vec::as_slice) {
        Some(b"run") => {
            given.next();
        }
        Some(b"dump") => {
            given.next();
            command.action = parse_dump(given)?;
            return Ok(command);
        }
        _ => {}
    }
    while let Some(argument) = given.next() {
        let text = String::from_utf8_lossy(&argument).into_owned();
        let (name, value) = match text.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (text, None),
        };
        let mut value_of = |what: &str| {
            let next = value.clone().or_else(|| given.next().map(|next| String::from_utf8_lossy(&next).into_owned()));
            next.ok_or_else(|| format!("{name} needs {what}"))
        };
        match name.as_str() {
            "--help" | "-h" => command.action = Action::Help,
            "--version" | "-V" => command.action = Action::Version,
            "--strict" => command.options.is_strict = true,
            "--hints" => command.options.hints = true,
            "--virtual-time" => command.options.host.clock = Clock::virtual_time(),
            "--connect-to" => add_redirection(&mut command.options.host.redirections, &value_of("a rule")?)?,
            "--memory" => command.options.limits.memory = parse_size(&value_of("a size")?)?,
            "--fuel" => command.options.limits.fuel = Some(parse_number(&value_of("a number")?)?),
            "--time" => command.options.limits.time = Some(parse_seconds(&value_of("seconds")?)?),
            "--slice" => command.options.slice = parse_number::<i64>(&value_of("a number")?)?.max(1),
            "-W" => command.warnings.push(value_of("an action")?),
            option if option.starts_with("-W") => command.warnings.push(option[2..].to_owned()),
            "-c" => {
                let text = given.next().ok_or("-c needs a text")?;
                command.action = Action::Text(text);
                command.arguments = given.collect();
                return Ok(command);
            }
            "-" => {
                command.action = Action::Input;
                command.arguments = given.collect();
                return Ok(command);
            }
            option if option.starts_with('-') && option.len() > 1 => return Err(format!("unknown option {option}")),
            _ => {
                command.action = Action::File(String::from_utf8_lossy(&argument).into_owned());
                command.arguments = given.collect();
                return Ok(command);
            }
        }
    }
    Ok(command)
}

/// What the command does without any argument.
fn unasked() -> Command {
    let mut command = Command {
        action: Action::Prompt,
        options: EngineOptions::default(),
        warnings: Vec::new(),
        arguments: Vec::new(),
    };
    command.options.host = HostOptions::command();
    command.options.limits.memory = usize::try_from(default_memory_limit()).unwrap_or(usize::MAX);
    command.options.path = module_path();
    command
}

fn parse_dump(given: impl Iterator<Item = Vec<u8>>) -> Result<Action, String> {
    let (mut stage, mut file) = (None, None);
    for argument in given {
        match argument.as_slice() {
            b"--tokens" => stage = Some(Stage::Tokens),
            b"--ast" => stage = Some(Stage::Tree),
            b"--scopes" => stage = Some(Stage::Scopes),
            b"--code" => stage = Some(Stage::Code),
            [b'-', _, ..] => return Err(format!("unknown option {}", String::from_utf8_lossy(&argument))),
            _ => file = Some(String::from_utf8_lossy(&argument).into_owned()),
        }
    }
    let stage = stage.ok_or("dump needs --tokens, --ast, --scopes or --code")?;
    Ok(Action::Dump { stage, file: file.ok_or("dump needs a file")? })
}

fn module_path() -> Vec<String> {
    let path = std::env::var_os("ASPENPATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|entry| entry.to_string_lossy().into_owned())
        .filter(|entry| !entry.is_empty())
        .collect()
}

fn add_redirection(redirections: &mut Redirections, rule: &str) -> Result<(), String> {
    redirections.add(rule)
}

fn parse_number<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("'{text}' is not a number"))
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = parse_number(text)?;
    Duration::try_from_secs_f64(seconds).map_err(|_| format!("'{text}' is not a time"))
}

/// `500M`: a number with K, M, G or T.
fn parse_size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let shift = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 0,
        "K" | "KB" | "KIB" => 10,
        "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        "T" | "TB" | "TIB" => 40,
        unit => return Err(format!("'{unit}' is not a unit of size")),
    };
    let number: usize = parse_number(digits)?;
    number
        .checked_mul(1 << shift)
        .filter(|&size| size >= 1 << 20)
        .ok_or_else(|| format!("'{text}' is too small or too large"))
}
