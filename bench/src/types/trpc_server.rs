//! The API as a tRPC server in TypeScript, with zod for what comes in and type annotations for what goes out.

use tintype::contract::Kind;

use super::fixture::{Fixture, Place};

const BASE: &str = "\
import { initTRPC } from '@trpc/server';

const t = initTRPC.context<{ account: string | undefined }>().create();

export const router = t.router;
export const procedure = t.procedure.use(({ ctx, next }) => next({ ctx: { account: ctx.account ?? 'nobody' } }));
";

impl Fixture {
    /// Name and text of each file of the server; `router.ts` exports `AppRouter`.
    pub(crate) fn trpc_server(self) -> Vec<(String, String)> {
        let namespaces = self.namespaces();
        let mut files = vec![("base.ts".to_owned(), BASE.to_owned())];
        let mut root = "import { router } from './base.js';\n".to_owned();
        for (name, _) in &namespaces {
            root.push_str(&format!("import {{ {name} }} from './{name}.js';\n"));
        }
        let names: Vec<&str> = namespaces.iter().map(|(name, _)| name.as_str()).collect();
        root.push_str(&format!("\nconst appRouter = router({{ {} }});\n\n", names.join(", ")));
        root.push_str("export type AppRouter = typeof appRouter;\n");
        files.push(("router.ts".to_owned(), root));
        files.extend(namespaces.iter().map(|(name, places)| (format!("{name}.ts"), namespace(name, places))));
        files
    }
}

fn namespace(name: &str, places: &[Place]) -> String {
    let mut text = "import { z } from 'zod';\nimport { procedure, router } from './base.js';\n\n".to_owned();
    places.iter().for_each(|place| text.push_str(&types(*place)));
    text.push_str(&format!("export const {name} = router({{\n"));
    places.iter().for_each(|place| text.push_str(&member(*place)));
    text.push_str("});\n");
    text
}

fn types(Place { index, .. }: Place) -> String {
    format!(
        "\
const input{index} = z.object({{
  id: z.string(),
  label{index}: z.string(),
  count: z.number(),
  filter: z.object({{ text: z.string(), range: z.object({{ from: z.number(), to: z.number() }}) }}),
  tags: z.array(z.string()),
  order: z.union([
    z.literal('newest'),
    z.literal('oldest'),
    z.object({{ by: z.string(), descending: z.boolean() }}),
  ]),
}});

type Output{index} = {{
  id: string;
  name{index}: string;
  owner: {{ id: string; name: string; email: string }};
  tags: string[];
  parts: {{ sku: string; amount: number }}[];
  state: {{ kind: 'draft' }} | {{ kind: 'live'; since: string; views: number }};
}};

"
    )
}

fn member(place: Place) -> String {
    let (name, index) = (place.name(), place.index);
    let value = format!(
        "{{ id: input.id, name{index}: input.label{index}, owner: {{ id: '1', name: 'Ann', email: 'ann@example.com' }}, \
         tags: input.tags, parts: [], state: {{ kind: 'draft' }} }}"
    );
    let resolver = match place.kind {
        Kind::Query => format!("query(({{ input }}): Output{index} => ({value}))"),
        Kind::Mutation => format!("mutation(({{ input }}): Output{index} => ({value}))"),
        Kind::Subscription => {
            format!("subscription(async function* ({{ input }}): AsyncGenerator<Output{index}> {{ yield {value}; }})")
        }
    };
    format!("  {name}: procedure.input(input{index}).{resolver},\n")
}
