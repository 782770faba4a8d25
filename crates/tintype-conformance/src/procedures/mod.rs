//! The procedures, in the order of the tables in `README.md`.

mod basics;
mod counters;
mod errors;
mod forms;
mod inputs;
mod requests;
mod rich;
mod slow;
mod streams;
mod subscriptions;
mod values;

use tintype::{Router, router};

use crate::AppState;

/// The conformance router.
pub fn router() -> Router<AppState> {
    router! {
        [basics::ping, basics::echo, basics::echo_mutation, basics::fire],
        a: [basics::top],
        a.b: [basics::mid],
        a.b.c: [basics::leaf, basics::echo_text, basics::set],
        input: [
            inputs::none, inputs::none_mutation, inputs::string, inputs::int, inputs::boolean, inputs::nullable,
            inputs::optional, inputs::array, inputs::color, inputs::union, inputs::object, inputs::defaults,
            inputs::nested, inputs::mutate,
        ],
        math: [basics::add, basics::div],
        counter: [counters::get, counters::increment, counters::reset],
        error: [
            errors::throw, errors::throw_mutation, errors::no_message, errors::internal, errors::app, errors::teapot,
        ],
        ctx: [requests::header, requests::connection_params, requests::info, requests::info_mutation],
        auth: [requests::whoami, requests::rename],
        meta: [requests::cached, requests::create],
        slow: [slow::wait, slow::wait_mutation, slow::fail, slow::abortable, slow::stats],
        values: [
            values::undefined, values::null, values::yes, values::no, values::zero, values::negative, values::float,
            values::exponent, values::max_safe_int, values::min_safe_int, values::bigint_string, values::nan,
            values::infinity, values::date, values::empty_string, values::empty_array, values::empty_object,
            values::unicode, values::array, values::optional_fields, values::nested, values::weird_keys,
            values::large_string, values::many_items,
        ],
        stream: [
            streams::count, streams::with_return, streams::empty, streams::throws, streams::objects, streams::tracked,
            streams::deferred, streams::deferred_reject, streams::iterable_in_object,
        ],
        sub: [
            subscriptions::count, subscriptions::no_input, subscriptions::empty, subscriptions::values,
            subscriptions::tracked, subscriptions::tracked_optional, subscriptions::raw_input, subscriptions::mixed,
            subscriptions::throws, subscriptions::throws_plain, subscriptions::setup_throws, subscriptions::silent,
            subscriptions::infinite, subscriptions::flaky, subscriptions::whoami,
            subscriptions::connection_params,
        ],
        form: [forms::submit, forms::octet],
        rich: [rich::echo, rich::echo_mutation, rich::later, rich::twice, rich::events],
    }
}
