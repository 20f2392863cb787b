//! `aspen dump`: what each stage makes of a file.

use aspen_grammar::bytecode::print::print_code;
use aspen_grammar::compile::{CompileOptions, compile_module};
use aspen_grammar::report::{Diagnostic, Style, render};
use aspen_grammar::resolve::print::print_scopes;
use aspen_grammar::resolve::{ResolveOptions, resolve};
use aspen_grammar::syntax::{Mode, Origin, dump_tokens, dump_tree, parse, tokens};

use super::WRONG;
use super::arguments::Stage;

/// Prints what a stage makes of a file; the exit code.
pub fn dump(stage: Stage, file: &str) -> i32 {
    let source = match std::fs::read(file) {
        Ok(source) => source,
        Err(error) => {
            eprintln!("aspen: can't open file '{file}': {error}");
            return WRONG as i32;
        }
    };
    if stage == Stage::Tokens {
        let lexed = tokens(&source, Origin::Bytes);
        print!("{}", dump_tokens(&lexed.text, &lexed.tokens));
        return 0;
    }
    let parsed = parse(&source, Mode::Module, Origin::Bytes);
    if !parsed.diagnostics.is_empty() {
        return complain(&parsed.diagnostics, &parsed.text, file);
    }
    let output = match stage {
        Stage::Tokens | Stage::Tree => Ok(dump_tree(&parsed.text, &parsed.tree, true)),
        Stage::Scopes => resolve(&parsed.tree, ResolveOptions { top_level_await: true, future_annotations: false })
            .map(|(scopes, names)| print_scopes(&scopes, &names)),
        Stage::Code => {
            compile_module(&parsed.tree, &parsed.text, file, CompileOptions::default()).map(|code| print_code(&code))
        }
    };
    match output {
        Ok(output) => {
            print!("{output}");
            0
        }
        Err(diagnostics) => complain(&diagnostics, &parsed.text, file),
    }
}

fn complain(diagnostics: &[Diagnostic], text: &str, file: &str) -> i32 {
    eprint!("{}", render(diagnostics, text, file, Style::Plain));
    WRONG as i32
}
