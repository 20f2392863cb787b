//! Interned strings: names with the same text are the same handle; and the hashes and equality of texts.

use super::heap::Heap;
use super::string::{Str, Text, count_chars};
use super::value::{Id, Name};

impl Heap {
    /// The interned string with this text.
    pub fn intern(&mut self, text: &[u8]) -> Name {
        let hash = super::hash_text(self.hash_key, text);
        let Heap { names, strs, buffers, young_names, .. } = self;
        let is_same = |name: &Name| strs.get(*name).text.bytes(buffers) == text;
        if let Some(&name) = names.find(hash, is_same) {
            return name;
        }
        let is_ascii = text.is_ascii();
        let str = Str {
            text: Text::from(text),
            n_chars: if is_ascii { text.len() } else { count_chars(text) } as u32,
            hash: std::cell::Cell::new(hash),
            is_ascii,
            is_name: true,
            ..Str::default()
        };
        let name = strs.alloc(str);
        young_names.push(name);
        names.insert_unique(hash, name, |&name| strs.get(name).hash.get());
        self.charge(size_of::<Str>() + text.len() + size_of::<Name>());
        name
    }

    /// The interned string equal to `id`; `id` itself if it can become the one.
    pub fn intern_str(&mut self, id: Id<Str>) -> Name {
        if self.strs.get(id).is_name {
            return id;
        }
        let hash = self.hash_str(id);
        let text = self.text(id);
        let is_same = |&name: &Name| self.text(name) == text;
        if let Some(&name) = self.names.find(hash, is_same) {
            return name;
        }
        let text = self.text(id).to_vec();
        self.intern(&text)
    }

    /// The name with this text, if it was interned before: a text that no attribute has needs no table entry.
    pub fn find_name(&self, text: &[u8]) -> Option<Name> {
        let hash = super::hash_text(self.hash_key, text);
        self.names.find(hash, |&name| self.text(name) == text).copied()
    }

    /// The hash of a str.
    #[inline]
    pub fn hash_str(&self, id: Id<Str>) -> u64 {
        let known = self.strs.get(id).hash.get();
        if known != 0 {
            return known;
        }
        let hash = super::hash_text(self.hash_key, self.text(id));
        self.strs.get(id).hash.set(hash);
        hash
    }

    /// Whether two strs have the same text.
    #[inline]
    pub fn same_text(&self, lhs: Id<Str>, rhs: Id<Str>) -> bool {
        lhs == rhs || self.strs.get(lhs).is_same(self.strs.get(rhs), &self.buffers)
    }
}
