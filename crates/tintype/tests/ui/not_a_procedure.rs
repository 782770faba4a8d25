use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[allow(non_camel_case_types)]
pub struct list;

fn main() {
    let _: Router<AppState> = router! { [list] };
}
