import type { Binding, Destination } from './binding.ts';
import type { Router } from './router.ts';

interface Node {
  readonly words: Map<string, Node>;
  readonly bindings: Set<Binding>;
}

/** Routing keys repeat; so many answers are kept until a binding changes. */
const rememberedKeys = 4096;

function createNode(): Node {
  return { words: new Map(), bindings: new Set() };
}

/**
 * Topic: words between dots, `*` for exactly one word, `#` for any number, none included (so `a.#` fits `a`). The
 * binding keys form a tree of words; a routing key walks down all branches that fit.
 */
export function createTopicRouter(): Router {
  const root = createNode();
  const remembered = new Map<string, readonly Destination[]>();

  return {
    add(binding) {
      remembered.clear();
      let node = root;
      for (const word of wordsOf(binding.routingKey)) {
        let next = node.words.get(word);
        if (next === undefined) {
          next = createNode();
          node.words.set(word, next);
        }
        node = next;
      }
      node.bindings.add(binding);
    },
    remove(binding) {
      remembered.clear();
      removeFrom(root, wordsOf(binding.routingKey), 0, binding);
    },
    match(routingKey) {
      const known = remembered.get(routingKey);
      if (known) return known;
      const found = new Set<Destination>();
      walk(root, wordsOf(routingKey), 0, found);
      const destinations = [...found];
      if (remembered.size >= rememberedKeys) remembered.clear();
      remembered.set(routingKey, destinations);
      return destinations;
    },
  };
}

/** An empty key has no words; `a..b` has an empty one in the middle. */
function wordsOf(key: string): string[] {
  return key === '' ? [] : key.split('.');
}

function walk(node: Node, words: readonly string[], at: number, found: Set<Destination>): void {
  const hash = node.words.get('#');
  if (hash) for (let skip = at; skip <= words.length; skip += 1) walk(hash, words, skip, found);
  const word = words[at];
  if (word === undefined) {
    for (const binding of node.bindings) found.add(binding.destination);
    return;
  }
  const exact = node.words.get(word);
  if (exact && word !== '#' && word !== '*') walk(exact, words, at + 1, found);
  const star = node.words.get('*');
  if (star) walk(star, words, at + 1, found);
}

/** Takes the binding out, and the branch with it where nothing else grows on it; true if the node is bare now. */
function removeFrom(node: Node, words: readonly string[], at: number, binding: Binding): boolean {
  const word = words[at];
  if (word === undefined) node.bindings.delete(binding);
  else {
    const next = node.words.get(word);
    if (next && removeFrom(next, words, at + 1, binding)) node.words.delete(word);
  }
  return node.bindings.size === 0 && node.words.size === 0;
}
