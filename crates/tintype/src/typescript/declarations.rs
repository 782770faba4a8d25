//! `index.d.ts`: the router for the official tRPC clients, and the types.

use std::collections::BTreeMap;

use specta::datatype::DataType;
use specta_typescript::{Typescript, primitives};

use super::{
    Options,
    layout::tidy,
    resolve::{BindingsError, Resolved, ResolvedProcedure},
    source_map::MappedText,
    type_sources::TypeSources,
};
use crate::{ErrorCode, IdPolicy, ProcedureKind};

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

/// Writes the declarations.
pub(super) fn write(resolved: &Resolved, options: &Options) -> Result<MappedText, BindingsError> {
    let mut text = MappedText::default();
    text.push(&format!("// Generated from the Rust contract by `{}`: do not edit.\n\n", options.command));
    text.push(
        "import type {\n  TRPCMutationProcedure,\n  TRPCQueryProcedure,\n  TRPCRouterDef,\n  \
         TRPCSubscriptionProcedure,\n} from '@trpc/server';\n\n",
    );
    text.push(ROUTER);
    text.push("\n/** Every procedure, under its path. */\nexport type Procedures = {\n");
    write_namespace(&mut text, resolved, &Namespace::of(&resolved.procedures), 1)?;
    text.push("};\n\n");

    let codes: Vec<String> = ErrorCode::ALL.iter().map(|code| format!("  | '{}'", code.key())).collect();
    text.push(&format!(
        "/** What went wrong, as tRPC names it. */\nexport type ErrorCode =\n{};\n\n",
        codes.join("\n")
    ));
    text.push(ERRORS);

    let mut sources = TypeSources::new(options.sources.as_deref());
    for named in &resolved.named {
        let declaration = primitives::export(&Typescript::default(), &resolved.types, std::iter::once(named), "")
            .map_err(|error| BindingsError::TypeScript(named.name.to_string(), Box::new(error)))?;
        let declaration = tidy(&declaration);
        let introduction = "export type ";
        let name_at = match declaration.strip_prefix(introduction) {
            Some(_) => introduction.len(),
            None => declaration.find(&format!("\n{introduction}")).map_or(0, |start| start + 1 + introduction.len()),
        };
        let (before, rest) = declaration.split_at(name_at);
        let rest = rest.strip_prefix(named.name.as_ref()).unwrap_or(rest);
        text.push("\n");
        text.push(before);
        let (line, column) = sources.position(named);
        text.push_name(&named.name, named.location.file(), line, column);
        text.push(rest);
    }
    // Without it, everything in a declaration file is exported.
    text.push("\nexport {};\n");
    Ok(text)
}

/// The tree that dotted paths make.
#[derive(Default)]
struct Namespace<'a> {
    procedures: BTreeMap<&'a str, &'a ResolvedProcedure>,
    namespaces: BTreeMap<&'a str, Namespace<'a>>,
}

impl<'a> Namespace<'a> {
    fn of(procedures: &'a [ResolvedProcedure]) -> Self {
        let mut root = Self::default();
        for procedure in procedures {
            let mut segments: Vec<&str> = procedure.path.split('.').collect();
            let name = segments.pop().expect("split yields at least one segment");
            let namespace =
                segments.into_iter().fold(&mut root, |parent, segment| parent.namespaces.entry(segment).or_default());
            namespace.procedures.insert(name, procedure);
        }
        root
    }

    /// Where the namespace begins: at the first procedure in it.
    fn first(&self) -> Option<&'a ResolvedProcedure> {
        let by_position = |procedure: &&&ResolvedProcedure| (procedure.info.source.file, procedure.info.source.line);
        let own = self.procedures.values().min_by_key(by_position).copied();
        own.or_else(|| self.namespaces.values().find_map(Self::first))
    }
}

fn write_namespace(
    text: &mut MappedText,
    resolved: &Resolved,
    namespace: &Namespace<'_>,
    depth: usize,
) -> Result<(), BindingsError> {
    let indent = "  ".repeat(depth);
    for (name, procedure) in &namespace.procedures {
        let source = procedure.info.source;
        text.push(&comment(procedure.info.docs, procedure.info.deprecated, &indent));
        text.push(&indent);
        text.push_name(name, source.file, source.line, source.column);
        text.push(&format!(": {};\n", procedure_type(procedure, resolved)?));
    }
    for (name, inner) in &namespace.namespaces {
        text.push(&indent);
        match inner.first() {
            Some(first) => text.push_name(name, first.info.source.file, first.info.source.line, 1),
            None => text.push(name),
        }
        text.push(": {\n");
        write_namespace(text, resolved, inner, depth + 1)?;
        text.push(&format!("{indent}}};\n"));
    }
    Ok(())
}

fn procedure_type(procedure: &ResolvedProcedure, resolved: &Resolved) -> Result<String, BindingsError> {
    let Types { input, output, error } = Types::of(procedure, resolved)?;
    let output = match procedure.ids {
        None | Some(IdPolicy::Untracked) => output,
        Some(IdPolicy::Tracked) => format!("{{ id: string; data: {output} }}"),
        Some(IdPolicy::Mixed) => format!("{{ id: string; data: {output} }} | {output}"),
    };
    let kind = match procedure.info.kind {
        ProcedureKind::Query => "$Query",
        ProcedureKind::Mutation => "$Mutation",
        ProcedureKind::Subscription => "$Subscription",
    };
    Ok(format!("{kind}<{input}, {output}, {error}>"))
}

/// A procedure's types as TypeScript writes them.
pub(super) struct Types {
    /// `void` for none, `X | void` for one that may be left out.
    pub(super) input: String,
    /// `void` for none; of a subscription, the data of one event.
    pub(super) output: String,
    /// `never` for none.
    pub(super) error: String,
}

impl Types {
    pub(super) fn of(procedure: &ResolvedProcedure, resolved: &Resolved) -> Result<Self, BindingsError> {
        let expression = |ty: &DataType| {
            primitives::reference(&Typescript::default(), &resolved.types, ty)
                .map_err(|error| BindingsError::TypeScript(procedure.path.clone(), Box::new(error)))
        };
        let input = match &procedure.input {
            None => "void".to_owned(),
            Some(input) if input.is_optional => format!("{} | void", expression(&input.ty)?),
            Some(input) => expression(&input.ty)?,
        };
        let output = procedure.output.as_ref().map_or(Ok("void".to_owned()), expression)?;
        let error = procedure.error.as_ref().map_or(Ok("never".to_owned()), expression)?;
        Ok(Self { input, output, error })
    }
}

/// A doc comment for an editor to show.
fn comment(docs: &str, deprecated: Option<&str>, indent: &str) -> String {
    let docs = docs.replace("*/", "*\\/");
    let mut lines: Vec<String> = docs.lines().map(str::to_owned).collect();
    if let Some(note) = deprecated {
        lines.push(format!("@deprecated {}", note.replace("*/", "*\\/")).trim_end().to_owned());
    }
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let lines: Vec<String> =
                lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned()).collect();
            format!("{indent}/**\n{}\n{indent} */\n", lines.join("\n"))
        }
    }
}
