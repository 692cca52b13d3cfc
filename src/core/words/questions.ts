/** What a function has asked by `task.ask`, by the keys it asked under; an answer makes it go on. */
export type Questions = Readonly<Record<string, Question>>

/** A request, and its answer once there is one. Both are kept as JSON. */
export type Question =
  | {
      /** What the function asked. */
      readonly request: unknown
    }
  | {
      /** What the function asked. */
      readonly request: unknown
      /** What somebody answered. */
      readonly answer: unknown
    }

/** Whether something is left to be answered. */
export function isAsking(questions: Questions | undefined): questions is Questions {
  return questions !== undefined && Object.values(questions).some((question) => !isAnswered(question))
}

/** The requests that have no answer yet, by their keys. */
export function openRequests(questions: Questions): Record<string, unknown> {
  const open = Object.entries(questions).filter(([, question]) => !isAnswered(question))
  return Object.fromEntries(open.map(([key, { request }]) => [key, request]))
}

/** The answers there are, by the keys they were asked for under. */
export function answersOf(questions: Questions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(questions).flatMap(([key, question]) =>
      isAnswered(question) ? [[key, question.answer]] : [],
    ),
  )
}

/** With new requests; an answer that is there stays. */
export function withRequests(
  questions: Questions | undefined,
  requests: Readonly<Record<string, unknown>>,
): Questions {
  const asked = Object.entries(requests).map(([key, request]) => [key, { request }])
  return { ...Object.fromEntries(asked), ...questions }
}

/** With answers to what is open; others change nothing. */
export function withAnswers(questions: Questions, answers: Readonly<Record<string, unknown>>): Questions {
  return Object.fromEntries(
    Object.entries(questions).map(([key, question]) =>
      isAnswered(question) || !Object.hasOwn(answers, key)
        ? [key, question]
        : [key, { ...question, answer: answers[key] }],
    ),
  )
}

function isAnswered(question: Question): question is { request: unknown; answer: unknown } {
  return 'answer' in question
}
