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
/// A procedure has what `TRPCQueryProcedure` and its kin have, without being one of them: they derive each other in
/// three steps, and the type checker keeps all of these for every procedure.
/// Nobody calls one through its type, so what the call returns is left out.
///
/// `transformer: boolean` is neither `true` nor `false`: clients then take outputs as they are declared, and links
/// neither demand nor refuse a transformer.
const ROUTER: &str = "\
interface $Procedure {
  meta: unknown;
  (opts: object): never;
}
interface $Def {
  procedure: true;
  meta: unknown;
  experimental_caller: boolean;
  inputs: never[];
}
interface $QueryDef<I, O, E> extends $Def {
  type: 'query';
  $types: { input: I; output: O; errorShape: ErrorShape<E> };
}
interface $MutationDef<I, O, E> extends $Def {
  type: 'mutation';
  $types: { input: I; output: O; errorShape: ErrorShape<E> };
}
interface $SubscriptionDef<I, O, E> extends $Def {
  type: 'subscription';
  $types: { input: I; output: AsyncIterable<O, void, void>; errorShape: ErrorShape<E> };
}
interface $Query<I, O, E> extends $Procedure {
  _def: $QueryDef<I, O, E>;
}
interface $Mutation<I, O, E> extends $Procedure {
  _def: $MutationDef<I, O, E>;
}
interface $Subscription<I, O, E> extends $Procedure {
  _def: $SubscriptionDef<I, O, E>;
}
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
    text.push("import type { TRPCRouterDef } from '@trpc/server';\n\n");
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
