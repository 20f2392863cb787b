//! What an embedder can do: modules and functions in Rust, values there and back, calls, errors, modules from a loader.

use std::time::Duration;

use aspen::engine::{Capture, Data, Engine, EngineOptions, Failure, HostModule, ModuleText, Raised, Stop, Text};

fn engine() -> Engine {
    Engine::new(EngineOptions::default())
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future)
}

fn raised<T: std::fmt::Debug>(ended: Result<T, Stop>) -> Raised {
    match ended {
        Err(Stop::Raised(raised)) => *raised,
        other => panic!("nothing was raised: {other:?}"),
    }
}

#[test]
fn values_go_in_and_out() {
    let mut engine = engine();
    let nested = Data::List(vec![
        Data::None,
        true.into(),
        42.into(),
        1.5.into(),
        "text".into(),
        Data::Bytes(vec![0, 255]),
        Data::Tuple(vec![1.into()]),
        Data::Dict(vec![("key".into(), vec![1, 2].into()), (3.into(), Data::None)]),
        Data::BigInt("-123456789012345678901234567890".to_owned()),
    ]);
    engine.set("given", nested.clone()).expect("all of it is convertible");
    assert_eq!(block_on(engine.eval("given")).expect("it is there"), nested);
    assert_eq!(engine.get("given"), Some(nested));
    assert_eq!(engine.get("absent"), None);
    block_on(engine.run("given = [x for x in given if isinstance(x, int)]")).expect("it runs");
    assert_eq!(block_on(engine.eval("len(given)")).expect("an int"), Data::Int(3));
}

#[test]
fn what_has_no_counterpart_is_held() {
    let mut engine = engine();
    block_on(engine.run("class Counter:\n  n = 0\n  def add(self, k): self.n += k; return self.n")).expect("it runs");
    let Ok(Data::Object(counter)) = block_on(engine.eval("Counter()")) else { panic!("an instance is an object") };
    assert_eq!(counter.class_name(), "Counter");
    engine.set("counter", counter.clone()).expect("it is of this engine");
    let Ok(Data::Object(add)) = block_on(engine.eval("counter.add")) else { panic!("a method is an object") };
    block_on(engine.run("del counter\nimport gc\ngc.collect()")).expect("it runs");
    assert_eq!(block_on(engine.call_object(&add, [2.into()])).expect("it lives"), Data::Int(2));
    assert_eq!(block_on(engine.call_object(&add, [3.into()])).expect("it lives"), Data::Int(5));
    let other = raised(self::engine().set("counter", counter));
    assert_eq!(other.class, "ValueError");
}

#[test]
fn what_contains_itself_comes_out_with_an_object_inside() {
    let mut engine = engine();
    let Ok(Data::List(items)) = block_on(engine.eval("(lambda a: (a.append(a), a)[1])([1])")) else { panic!("a list") };
    assert!(matches!(items[..], [Data::Int(1), Data::Object(_)]));
}

#[test]
fn functions_of_main_are_called() {
    let mut engine = engine();
    let program = "import asyncio\ndef add(a, b=10, *rest, scale=1): return (a + b + sum(rest)) * scale\nasync def later(x):\n  await asyncio.sleep(0)\n  return x\nclass space:\n  @staticmethod\n  def f(): return 'found'";
    block_on(engine.run(program)).expect("it runs");
    assert_eq!(block_on(engine.call("add", [1.into()])).expect("a sum"), Data::Int(11));
    let mut arguments = aspen::engine::Arguments::new(vec![1.into(), 2.into()]);
    arguments.keywords.push(("scale".to_owned(), 3.into()));
    assert_eq!(block_on(engine.call("add", arguments)).expect("a sum"), Data::Int(9));
    assert_eq!(block_on(engine.call("later", ["x".into()])).expect("it is run to its end"), Data::from("x"));
    assert_eq!(block_on(engine.call("space.f", ())).expect("a path"), Data::from("found"));
    assert_eq!(raised(block_on(engine.call("absent", ()))).class, "NameError");
    assert_eq!(raised(block_on(engine.call("add", ()))).class, "TypeError");
}

#[test]
fn what_is_raised_is_described() {
    let mut engine = engine();
    let raised = raised(block_on(engine.run(Text::named("shop.as", "def f():\n  raise ValueError('no tea')\nf()"))));
    assert_eq!((raised.class.as_str(), raised.message.as_str()), ("ValueError", "no tea"));
    assert!(raised.traceback.contains("File \"shop.as\", line 2, in f"), "{}", raised.traceback);
    engine.set("error", raised.exception).expect("an exception is a value");
    assert_eq!(block_on(engine.eval("error.args[0]")).expect("its argument"), Data::from("no tea"));
    let exit = self::raised(block_on(engine.run("import sys\nsys.exit(7)")));
    assert_eq!(exit.exit_code, Some(7));
    let Err(Stop::Mistakes(mistakes)) = block_on(engine.run("x = = 1\ny = ) 2\n")) else { panic!("no program") };
    assert!(mistakes.count() >= 1);
    assert!(engine.check("x = 1".into()).is_ok());
    assert!(engine.check("x = ".into()).is_err());
}

#[test]
fn modules_in_rust_are_imported() {
    let module = HostModule::new("shop")
        .value("CURRENCY", "EUR")
        .function("price", |mut given| {
            let item: String = given.take(0, "item")?;
            let count: i64 = given.optional(1, "count")?.unwrap_or(1);
            if item.is_empty() {
                return Err(Failure::value_error("nothing is not sold"));
            }
            Ok((item.len() as i64 * count).into())
        })
        .function("parse", |mut given| {
            let text: String = given.take(0, "text")?;
            Ok(text.parse::<i64>()?.into())
        });
    let mut engine = engine();
    engine.add_module(module);
    engine.add_module(HostModule::new("shop.stock").function("count", |_| Ok(3.into())));
    let program = "import shop\nfrom shop import price\nfrom shop.stock import count\nresult = [shop.CURRENCY, price('tea'), price('tea', count=2), price.__name__, count()]";
    block_on(engine.run(program)).expect("it runs");
    let expected = Data::List(vec!["EUR".into(), 3.into(), 6.into(), "price".into(), 3.into()]);
    assert_eq!(engine.get("result"), Some(expected));
    for (call, class) in [
        ("price()", "TypeError"),
        ("price(1)", "TypeError"),
        ("price('')", "ValueError"),
        ("shop.parse('x')", "RuntimeError"),
    ] {
        assert_eq!(raised(block_on(engine.eval(call))).class, class, "{call}");
    }
}

#[test]
fn async_functions_in_rust_are_awaited() {
    let module = HostModule::new("service").async_function("fetch", |mut given| async move {
        let number: u64 = given.take(0, "number")?;
        tokio::time::sleep(Duration::from_millis(5 * number)).await;
        if number == 4 { Err(Failure::new("KeyError", "four")) } else { Ok(number.into()) }
    });
    let mut engine = engine();
    engine.add_module(module);
    let program = "
import asyncio, service
order = []
async def one(n):
    order.append(await service.fetch(n))
async def main():
    await asyncio.gather(one(3), one(1), one(2))
    try:
        await service.fetch(4)
    except KeyError as error:
        order.append(error.args[0])
    try:
        await asyncio.wait_for(service.fetch(10**6), 0.01)
    except TimeoutError:
        order.append('late')
    task = asyncio.create_task(one(10**6))
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        order.append('cancelled')
    return order
";
    block_on(engine.run(program)).expect("it runs");
    let expected = Data::List(vec![1.into(), 2.into(), 3.into(), "four".into(), "late".into(), "cancelled".into()]);
    assert_eq!(block_on(engine.call("main", ())).expect("a list"), expected);
    // Outside of a loop the call waits.
    assert_eq!(block_on(engine.eval("service.fetch(1) + service.fetch(2)")).expect("a sum"), Data::Int(3));
}

#[test]
fn modules_come_from_a_loader() {
    let mut engine = engine();
    engine.set_loader(|name: &str| {
        let text = match name {
            "plugins" => "",
            "plugins.tea" => "from . import base\ndef brew(): return base.WATER + ' and leaves'",
            "plugins.base" => "WATER = 'water'",
            _ => return None,
        };
        Some(ModuleText { text: text.into(), file: format!("{name}.as"), is_package: name == "plugins" })
    });
    let text = block_on(engine.eval("__import__('plugins.tea').tea.brew()")).expect("it is found");
    assert_eq!(text, Data::from("water and leaves"));
    assert_eq!(raised(block_on(engine.run("import plugins.coffee"))).class, "ModuleNotFoundError");
}

#[test]
fn output_is_captured() {
    let (output, error) = (Capture::default(), Capture::default());
    let mut options = EngineOptions::default();
    options.host.output = Box::new(output.clone());
    options.host.error = Box::new(error.clone());
    let mut engine = Engine::new(options);
    let code = block_on(engine.run_program("import sys\nprint('out')\nprint('err', file=sys.stderr)\n1 / 0".into()));
    assert_eq!(code.expect("a program has an exit code"), 1);
    assert_eq!(output.take(), b"out\n");
    let error = String::from_utf8(error.take()).expect("text");
    assert!(error.starts_with("err\nTraceback") && error.ends_with("ZeroDivisionError: division by zero\n"), "{error}");
}

#[test]
fn nothing_is_granted_by_default() {
    let mut engine = engine();
    assert_eq!(raised(block_on(engine.run("open('/etc/hostname')"))).class, "PermissionError");
}
