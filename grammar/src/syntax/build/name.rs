//! Identifiers and lists.

use unicode_normalization::{UnicodeNormalization, is_nfkc};

use super::{Builder, span};
use crate::source::Name;
use crate::syntax::ast::*;

impl Builder<'_> {
    pub fn ident(&mut self, l: u32, r: u32) -> Ident {
        Ident { name: self.intern(l, r), span: span(l, r) }
    }

    /// The identifier in the text, normalised to NFKC as Python wants it.
    pub(super) fn intern(&mut self, l: u32, r: u32) -> Name {
        let text = &self.text[l as usize..r as usize];
        // What is in the table is normalised already.
        if let (false, Some(name)) = (text.is_ascii(), self.tree.names.find(text)) {
            return name;
        }
        if text.is_ascii() || is_nfkc(text) {
            return self.tree.names.intern(text);
        }
        let normal: String = text.nfkc().collect();
        self.tree.names.intern(&normal)
    }

    /// A dotted name as one text, without what stands between its parts.
    pub fn dotted(&mut self, l: u32, r: u32) -> Ident {
        let text = &self.text[l as usize..r as usize];
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        if text.bytes().all(is_plain) {
            return self.ident(l, r);
        }
        let mut joined = String::with_capacity(text.len());
        let mut in_comment = false;
        for c in text.nfkc() {
            match c {
                '#' => in_comment = true,
                '\n' => in_comment = false,
                '\\' => {}
                c if !in_comment && !c.is_whitespace() => joined.push(c),
                _ => {}
            }
        }
        Ident { name: self.tree.names.intern(&joined), span: span(l, r) }
    }

    pub fn name(&mut self, l: u32, r: u32) -> ExprId {
        let name = self.intern(l, r);
        self.add(ExprKind::Name(name), span(l, r), 1)
    }

    pub fn none<T>(&mut self) -> Vec<T> {
        Vec::new()
    }

    pub fn list<T>(&mut self, first: T) -> Vec<T> {
        vec![first]
    }

    pub fn pair<T>(&mut self, first: T, second: T) -> Vec<T> {
        vec![first, second]
    }

    pub fn push<T>(&mut self, mut list: Vec<T>, next: T) -> Vec<T> {
        list.push(next);
        list
    }

    pub fn append<T>(&mut self, mut list: Vec<T>, mut next: Vec<T>) -> Vec<T> {
        list.append(&mut next);
        list
    }

    pub fn count(&mut self, so_far: u32, more: u32) -> u32 {
        so_far + more
    }

    pub fn place(&mut self, at: u32) -> u32 {
        at
    }
}
