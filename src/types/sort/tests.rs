//! The same questions in the same order as CPython 3.13 asks them: their number, and a hash over them.

use super::*;

/// Numbers below `limit` from a fixed sequence.
fn random(n_items: usize, limit: i64) -> Vec<i64> {
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64 % limit
    };
    (0..n_items).map(|_| next()).collect()
}

/// Sorts, and tells how many questions were asked, and which.
fn questions(sort: Sort, keys: &[i64]) -> (usize, u64, Vec<u32>) {
    let (mut count, mut hash) = (0, 0u64);
    let order = order_by(sort, |lhs, rhs| {
        count += 1;
        hash = hash.wrapping_mul(1_000_003) ^ ((lhs as u64) << 20 | rhs as u64);
        keys[lhs as usize] < keys[rhs as usize]
    });
    (count, hash, order)
}

#[test]
fn asks_what_cpython_asks() {
    let cases: Vec<(Vec<i64>, usize, u64, usize, u64)> = vec![
        (random(200, 1000), 1269, 9366043405254060865, 1264, 4125476171112023390),
        (random(1000, 5), 5825, 6644401964942436966, 5834, 4816986439846326017),
        (random(3000, 1000000), 30784, 11515692708351357681, 30795, 7479772307409523072),
        ((0..500).collect(), 499, 16676002970194725841, 499, 10233702753767353120),
        ((0..500).rev().collect(), 499, 16676002970194725841, 499, 10233702753767353120),
        (vec![3, 3, 2, 2, 2, 1, 5, 6], 12, 4075971760562236678, 18, 14318224256304511820),
        (vec![], 0, 0, 0, 0),
        (vec![1], 0, 0, 0, 0),
        (
            [random(300, 50), (0..300).collect(), random(100, 9)].concat(),
            3482,
            1435501183213603316,
            3649,
            12692700447479536811,
        ),
        (
            (0..400).map(|n| n / 7).chain((0..200).map(|n| n / 3 + 20)).collect(),
            991,
            10085887442752331991,
            1474,
            7543467387010040984,
        ),
    ];
    for (keys, n_questions, hash, n_reversed, hash_reversed) in cases {
        let (n_asked, hash_asked, order) = questions(Sort::new(keys.len()), &keys);
        assert_eq!((n_asked, hash_asked), (n_questions, hash));
        assert_eq!(order, order_of_ints(&keys), "stable");
        let (n_asked, hash_asked, order) = questions(Sort::new_reversed(keys.len()), &keys);
        assert_eq!((n_asked, hash_asked), (n_reversed, hash_reversed));
        let is_stable = |pair: &[u32]| {
            let (lhs, rhs) = (keys[pair[0] as usize], keys[pair[1] as usize]);
            lhs > rhs || lhs == rhs && pair[0] < pair[1]
        };
        assert!(order.windows(2).all(is_stable));
    }
}

#[test]
fn a_liar_does_no_harm() {
    for seed in 1..200u64 {
        let mut state = seed;
        let mut order = order_by(Sort::new(150 + seed as usize * 3), |_, _| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(seed);
            state >> 40 & 3 < seed % 4
        });
        order.sort();
        assert!(order.iter().enumerate().all(|(nth, at)| nth == *at as usize));
    }
}

#[test]
fn abandoned_is_a_permutation() {
    let keys = random(700, 300);
    for n_steps in (0..6000).step_by(37) {
        let (mut sort, mut answer) = (Sort::new_reversed(keys.len()), None);
        for _ in 0..n_steps {
            let SortStep::Compare(lhs, rhs) = sort.step(answer) else { break };
            answer = Some(keys[lhs as usize] < keys[rhs as usize]);
        }
        let mut order = sort.into_order();
        order.sort();
        assert!(order.iter().enumerate().all(|(nth, at)| nth == *at as usize));
    }
}

#[test]
fn without_script_code() {
    assert_eq!(order_of_floats(&[2.5, -0.0, 0.0, f64::INFINITY, -1.0]), [4, 1, 2, 0, 3]);
    // What nan leads to is what CPython's questions lead to.
    assert_eq!(order_of_floats(&[3.0, f64::NAN, 1.0, 2.0, f64::NAN, 0.5]), [0, 1, 2, 3, 4, 5]);
    assert_eq!(order_of_texts(&[b"b", b"", b"ab", b"a"]), [1, 3, 2, 0]);
}
