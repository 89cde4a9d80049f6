// What each call takes and answers, as the OpenAPI document of the server says.

import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : never;
type Reply<T> = T extends { responses: { 200: infer Answer } } ? Json<Answer> : never;
type Given<Query> = [NonNullable<Query>] extends [never] ? Record<string, never> : NonNullable<Query>;
type Question<T> = T extends { parameters: { query?: infer Query } } ? Given<Query> : Record<string, never>;
type Body<T> = T extends { requestBody: infer Given }
  ? Json<Given>
  : T extends { requestBody?: infer Given }
    ? Exclude<Json<NonNullable<Given>>, null>
    : never;

type With<Method extends string> = {
  [Path in keyof paths]: paths[Path] extends Record<Method, { responses: unknown }> ? Path : never;
}[keyof paths];

export type GetPath = With<"get">;
export type PostPath = With<"post">;
export type PatchPath = With<"patch">;
export type QuestionOf<Path extends GetPath> = Question<paths[Path]["get"]>;
export type AnswerOf<Path extends GetPath> = Reply<paths[Path]["get"]>;
export type BodyOf<Path extends PostPath> = Body<paths[Path]["post"]>;
export type ReplyOf<Path extends PostPath> = Reply<paths[Path]["post"]>;
