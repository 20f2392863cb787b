use aspen::call::Cx;
#[test]
fn sizes() {
    let cx = Cx::new(1 << 30, 1);
    let h = &cx.heap;
    macro_rules! p { ($($n:ident)*) => { $( println!("{} {} footprint {}", stringify!($n), h.$n.n_slots(), h.$n.footprint()); )* } }
    p!(strs buffers bytes big_ints tuples lists dicts sets ranges slices funcs methods classes insts shapes excs gens iters cells modules descrs links natives futures tasks event_loops handles contexts);
    println!("names {}", aspen::call::names::fixed().count());
    println!("used {}", h.used);
}
