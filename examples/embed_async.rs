//! A thousand engines at once on a runtime of several threads: each awaits an async function in Rust, within limits.
//!
//! `cargo run --release --example embed_async`

use std::time::{Duration, Instant};

use aspen::engine::{Capture, Data, Engine, EngineOptions, HostModule, Limit, Limits, Stop};

/// What each engine runs: three orders at once, priced by Rust.
const SCRIPT: &str = "
import asyncio
import shop

async def order(customer, items):
    prices = await asyncio.gather(*(shop.price(item) for item in items))
    for item, price in zip(items, prices):
        print(f'{customer}: {item} for {price}')
    return sum(prices)
";

/// A script that never ends by itself.
const GREEDY: &str = "
try:
    while True:
        pass
except BaseException:
    print('never printed')
";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let begun = Instant::now();
    let total = runtime.block_on(thousand());
    println!("1000 engines took {total} in {:.1?}", begun.elapsed());
    runtime.block_on(greedy());
}

/// What the scripts import. All engines share the functions.
fn shop() -> HostModule {
    HostModule::new("shop").doc("What things cost.").async_function("price", |mut given| async move {
        let item: String = given.take(0, "item")?;
        // A database, a service, …: whatever a Rust future can wait for.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(Data::from(item.len()))
    })
}

fn limits() -> Limits {
    Limits { fuel: Some(2_000_000), time: Some(Duration::from_secs(60)), memory: 16 << 20 }
}

/// Starts a task per engine: `spawn` takes only what may move between threads.
async fn thousand() -> i64 {
    let shop = shop();
    let tasks: Vec<_> = (0..1000).map(|customer| tokio::spawn(one(customer, shop.clone()))).collect();
    let mut total = 0;
    for task in tasks {
        match task.await.expect("no engine ends its task") {
            Ok(sum) => total += sum,
            Err(stop) => eprintln!("{stop}"),
        }
    }
    total
}

/// One engine: a module, a script, a call, and what was printed.
async fn one(customer: i64, shop: HostModule) -> Result<i64, Stop> {
    let printed = Capture::default();
    let mut options = EngineOptions { limits: limits(), ..EngineOptions::default() };
    options.host.output = Box::new(printed.clone());
    let mut engine = Engine::new(options);
    engine.add_module(shop);
    engine.run(SCRIPT).await?;
    let items = vec!["tea", "bread", "apples"];
    let sum = engine.call("order", [customer.into(), items.into()]).await?;
    assert_eq!(printed.take().iter().filter(|&&byte| byte == b'\n').count(), 3);
    Ok(i64::try_from(sum).expect("a sum of ints"))
}

/// A limit is no exception: the script can't catch it, and the engine goes on with the next one.
async fn greedy() {
    let mut engine = Engine::new(EngineOptions { limits: limits(), ..EngineOptions::default() });
    match engine.run(GREEDY).await {
        Err(Stop::Limit(limit @ Limit::Fuel)) => println!("stopped: {}", limit.describe()),
        other => println!("unexpected: {other:?}"),
    }
    println!("6 * 7 is {:?}", engine.eval("6 * 7").await);
}
