use tintype::{FromState, Topics, prelude::*};

#[derive(Clone)]
pub struct AppState;

impl FromState<AppState> for Topics {
    fn from_state(_: &AppState) -> Self {
        Topics::in_process()
    }
}

#[derive(serde::Serialize, serde::Deserialize, Type)]
pub struct Tick(u32);

#[subscription]
pub async fn changed(ticks: Topic<Tick>) -> Result<Subscription<Tick>, Never> {
    Ok(ticks.subscribe_with_gap(|| Tick(0)))
}

fn main() {
    let _: Router<AppState> = router! { [changed] };
}
