//! The built-in types: first the algorithms under them (plain functions over bytes, numbers and indexes, without heap
//! or interpreter), then a folder per type with its methods.
