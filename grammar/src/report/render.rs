//! Diagnostics as a reader sees them: code, title, excerpt with labels, help. The only file that knows `miette`.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::diagnostic::Diagnostic;
use crate::source::Span;

/// How a rendered diagnostic looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// With the colours of a terminal.
    Coloured,
}

/// Lines beyond this are not shown: an excerpt of megabytes helps nobody.
const MAX_LINE: usize = 1000;

/// All diagnostics of one text, in its order, as one text. `name` is what the file is called.
pub fn render(diagnostics: &[Diagnostic], text: &str, name: &str, style: Style) -> String {
    let theme = match style {
        Style::Plain => GraphicalTheme::unicode_nocolor(),
        Style::Coloured => GraphicalTheme::unicode(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(100);
    let mut in_order: Vec<&Diagnostic> = diagnostics.iter().collect();
    in_order.sort_by_key(|diagnostic| diagnostic.span.start);
    let source = NamedSource::new(name, text.to_owned());
    let mut out = String::new();
    for diagnostic in in_order {
        if !out.is_empty() {
            out.push('\n');
        }
        let report = Report::new(diagnostic, text, name, &source);
        // Writing to a string does not fail.
        let _ = handler.render_report(&mut out, &report);
    }
    out
}

/// A diagnostic as `miette` wants it.
#[derive(Debug)]
struct Report<'t> {
    diagnostic: &'t Diagnostic,
    title: String,
    /// None where the excerpt would be too long.
    source: Option<&'t NamedSource<String>>,
}

impl<'t> Report<'t> {
    fn new(diagnostic: &'t Diagnostic, text: &str, name: &str, source: &'t NamedSource<String>) -> Self {
        let title = diagnostic.mistake.title();
        let spans = [Some(diagnostic.span), diagnostic.second.map(|(span, _)| span)];
        if spans.into_iter().flatten().all(|span| has_short_lines(text, span)) {
            return Report { diagnostic, title, source: Some(source) };
        }
        let title = match diagnostic.place(text) {
            Some(place) => format!("{title} ({name}:{}:{})", place.line, place.offset),
            None => format!("{title} ({name})"),
        };
        Report { diagnostic, title, source: None }
    }
}

/// Whether the lines of a span, and those beside them, are short enough to be shown.
fn has_short_lines(text: &str, span: Span) -> bool {
    let bytes = text.as_bytes();
    let (start, end) = ((span.start as usize).min(bytes.len()), (span.end as usize).min(bytes.len()));
    let first = bytes[..start].iter().rev().take(2 * MAX_LINE).filter(|&&byte| byte == b'\n').count() > 1;
    let last = bytes[end..].iter().take(2 * MAX_LINE).filter(|&&byte| byte == b'\n').count() > 1;
    let is_short = end - start <= MAX_LINE;
    is_short && (first || start <= 2 * MAX_LINE) && (last || bytes.len() - end <= 2 * MAX_LINE)
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.mistake.code()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.diagnostic.mistake.help();
        (!help.is_empty()).then(|| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.source?;
        let label = |span: Span, text: Option<&str>| {
            let len = (span.end - span.start) as usize;
            LabeledSpan::new(text.map(str::to_owned), span.start as usize, len)
        };
        let second = self.diagnostic.second.map(|(span, text)| label(span, Some(text)));
        let primary = label(self.diagnostic.span, self.diagnostic.second.map(|_| "here"));
        Some(Box::new(std::iter::once(primary).chain(second)))
    }
}
