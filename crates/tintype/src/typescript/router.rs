//! `index.d.ts`: the router for the official tRPC clients, and the types as they are on the wire.

use super::{
    files::Options,
    print::{Face, LeafNames, Printer},
    source_map::MappedText,
    tree::Namespace,
};
use crate::{ErrorCode, contract::Contract};

/// Shapes that `@trpc/client` 11.19 to 11.25 infers from; measured with each of them.
///
/// `transformer: boolean` is neither `true` nor `false`: clients then take outputs as they are declared, and links
/// neither demand nor refuse a transformer.
const ROUTER: &str = "\
type $Types<I, O, E> = { input: I; output: O; errorShape: ErrorShape<E>; meta: unknown };
type $Query<I, O, E> = TRPCQueryProcedure<$Types<I, O, E>>;
type $Mutation<I, O, E> = TRPCMutationProcedure<$Types<I, O, E>>;
type $Subscription<I, O, E> = TRPCSubscriptionProcedure<$Types<I, AsyncIterable<O, void, void>, E>>;
type $Root = { ctx: object; meta: object; errorShape: ErrorShape<unknown>; transformer: boolean };

/** The router, for `createTRPCClient<AppRouter>` and its relatives. */
export interface AppRouter {
  _def: TRPCRouterDef<$Root, Procedures>;
  createCaller: never;
}
";

const LEAVES: LeafNames = LeafNames {
    query: "$Query",
    mutation: "$Mutation",
    subscription: "$Subscription",
    event: ("{ id: string; data: ", " }"),
    writes_never: true,
};

const ERRORS: &str = "\
/** What is wrong with an input, and where: an empty path is the input as a whole. */
export type ValidationIssue = { path: (string | number)[]; code: string; message: string };

/** An error as clients receive it; `E` is what the procedure itself fails with. */
export type ErrorShape<E> = {
  message: string;
  /** The JSON-RPC number of the code. */
  code: number;
  data: {
    code: ErrorCode;
    httpStatus: number;
    path?: string;
    stack?: string;
    /** The procedure's own error. */
    error?: E;
    /** Set if the input broke a rule. */
    validation?: ValidationIssue[];
    /** Set if the server failed: what to search its log for. */
    logId?: string;
  };
};
";

pub(super) fn write(contract: &Contract, options: &Options) -> MappedText {
    let mut printer = Printer::new(contract, Face::Wire, options.sources.as_deref());
    let mut text = MappedText::default();
    text.push(&format!("// Generated from the Rust contract by `{}`: do not edit.\n\n", options.command));
    text.push(
        "import type {\n  TRPCMutationProcedure,\n  TRPCQueryProcedure,\n  TRPCRouterDef,\n  \
         TRPCSubscriptionProcedure,\n} from '@trpc/server';\n\n",
    );
    text.push(ROUTER);
    text.push("\n/** Every procedure, under its path. */\nexport type Procedures = {\n");
    Namespace::of(contract).write(1, &mut |procedure| printer.procedure(procedure, &LEAVES)).write_to(&mut text);
    text.push("};\n\n");

    let codes: Vec<String> = ErrorCode::ALL.iter().map(|code| format!("  | '{}'", code.key())).collect();
    text.push(&format!(
        "/** What went wrong, as tRPC names it. */\nexport type ErrorCode =\n{};\n\n",
        codes.join("\n")
    ));
    text.push(ERRORS);
    printer.declarations().write_to(&mut text);
    // Without it, everything in a declaration file is exported.
    text.push("\nexport {};\n");
    text
}
