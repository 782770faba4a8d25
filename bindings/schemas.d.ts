// Generated from the Rust contract by `cargo xtask bindings`: do not edit.

import type { Schema } from '@tintype/client/schema';
import type {
  CreateWidget,
  DeleteWidget,
  ListWidgets,
  Login,
  Register,
  UpdateWidget,
  WidgetId,
} from './api.js';

/** A widget that is to be. */
export declare const createWidgetSchema: Schema<CreateWidget>;

/** Which widget to delete. */
export declare const deleteWidgetSchema: Schema<DeleteWidget>;

/** Which widgets to list. */
export declare const listWidgetsSchema: Schema<ListWidgets>;

/** What somebody who signs in says. */
export declare const loginSchema: Schema<Login>;

/** What somebody who signs up says. */
export declare const registerSchema: Schema<Register>;

/** What to change of a widget: at least one of name and config. */
export declare const updateWidgetSchema: Schema<UpdateWidget>;

/**
 * Id of a widget.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const widgetIdSchema: Schema<WidgetId>;
