//! "Did you mean": the one function that guesses what a misspelt name should have been.

/// The candidate nearest to `wrong`, if it is near enough to be meant.
pub fn closest<'a>(wrong: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let limit = (wrong.chars().count() + 3) / 3;
    let scored = candidates
        .iter()
        .filter(|candidate| **candidate != wrong)
        .map(|candidate| (strsim::damerau_levenshtein(wrong, candidate), *candidate));
    scored.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}
