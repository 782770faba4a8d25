// Generated from the Rust contract by `cargo xtask bindings`: do not edit.

import {
  all,
  any,
  byteLength,
  charLength,
  email,
  integer,
  nullable,
  object,
  range,
  record,
  schema,
  string,
  uuid,
} from '@tintype/client/schema';

export const createWidgetSchema = /* @__PURE__ */ schema(() =>
  object({ name: all(string, charLength(1, 120)) }, { config: nullable(record(any)) }),
);

export const deleteWidgetSchema = /* @__PURE__ */ schema(() =>
  object({ id: widgetIdSchema }),
);

export const listWidgetsSchema = /* @__PURE__ */ schema(() =>
  object(
    {},
    {
      cursor: nullable(string),
      limit: nullable(all(integer(0, 4294967295), range(1, 100))),
    },
  ),
);

export const loginSchema = /* @__PURE__ */ schema(() =>
  object({
    email: all(string, byteLength(1, 254)),
    password: all(string, charLength(1, 128)),
  }),
);

export const registerSchema = /* @__PURE__ */ schema(() =>
  object(
    {
      email: all(string, email, byteLength(undefined, 254)),
      password: all(string, charLength(8, 128)),
      tenantName: all(string, charLength(1, 120)),
    },
    { name: nullable(all(string, charLength(1, 120))) },
  ),
);

export const updateWidgetSchema = /* @__PURE__ */ schema(() =>
  object(
    { id: widgetIdSchema },
    { name: nullable(all(string, charLength(1, 120))), config: nullable(record(any)) },
  ),
);

export const widgetIdSchema = /* @__PURE__ */ schema(() =>
  uuid,
);
