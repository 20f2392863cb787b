//! Turns `aspen.lalrpop` into the tables of the parser.

fn main() {
    println!("cargo:rerun-if-changed=aspen.lalrpop");
    lalrpop::Configuration::new()
        .set_out_dir(std::env::var("OUT_DIR").expect("cargo sets OUT_DIR"))
        .emit_rerun_directives(true)
        .process_file("aspen.lalrpop")
        .expect("aspen.lalrpop is a grammar");
}
