"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// node_modules/yaml/dist/nodes/identity.js
var require_identity = __commonJS({
  "node_modules/yaml/dist/nodes/identity.js"(exports2) {
    "use strict";
    var ALIAS = /* @__PURE__ */ Symbol.for("yaml.alias");
    var DOC = /* @__PURE__ */ Symbol.for("yaml.document");
    var MAP = /* @__PURE__ */ Symbol.for("yaml.map");
    var PAIR = /* @__PURE__ */ Symbol.for("yaml.pair");
    var SCALAR = /* @__PURE__ */ Symbol.for("yaml.scalar");
    var SEQ = /* @__PURE__ */ Symbol.for("yaml.seq");
    var NODE_TYPE = /* @__PURE__ */ Symbol.for("yaml.node.type");
    var isAlias = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === ALIAS;
    var isDocument = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === DOC;
    var isMap = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === MAP;
    var isPair = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === PAIR;
    var isScalar = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SCALAR;
    var isSeq = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SEQ;
    function isCollection(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case MAP:
          case SEQ:
            return true;
        }
      return false;
    }
    function isNode(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case ALIAS:
          case MAP:
          case SCALAR:
          case SEQ:
            return true;
        }
      return false;
    }
    var hasAnchor = (node) => (isScalar(node) || isCollection(node)) && !!node.anchor;
    exports2.ALIAS = ALIAS;
    exports2.DOC = DOC;
    exports2.MAP = MAP;
    exports2.NODE_TYPE = NODE_TYPE;
    exports2.PAIR = PAIR;
    exports2.SCALAR = SCALAR;
    exports2.SEQ = SEQ;
    exports2.hasAnchor = hasAnchor;
    exports2.isAlias = isAlias;
    exports2.isCollection = isCollection;
    exports2.isDocument = isDocument;
    exports2.isMap = isMap;
    exports2.isNode = isNode;
    exports2.isPair = isPair;
    exports2.isScalar = isScalar;
    exports2.isSeq = isSeq;
  }
});

// node_modules/yaml/dist/visit.js
var require_visit = __commonJS({
  "node_modules/yaml/dist/visit.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var BREAK = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove node");
    function visit(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = visit_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        visit_(null, node, visitor_, Object.freeze([]));
    }
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    function visit_(key, node, visitor, path) {
      const ctrl = callVisitor(key, node, visitor, path);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visit_(key, ctrl, visitor, path);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path = Object.freeze(path.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = visit_(i, node.items[i], visitor, path);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path = Object.freeze(path.concat(node));
          const ck = visit_("key", node.key, visitor, path);
          if (ck === BREAK)
            return BREAK;
          else if (ck === REMOVE)
            node.key = null;
          const cv = visit_("value", node.value, visitor, path);
          if (cv === BREAK)
            return BREAK;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    async function visitAsync(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = await visitAsync_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        await visitAsync_(null, node, visitor_, Object.freeze([]));
    }
    visitAsync.BREAK = BREAK;
    visitAsync.SKIP = SKIP;
    visitAsync.REMOVE = REMOVE;
    async function visitAsync_(key, node, visitor, path) {
      const ctrl = await callVisitor(key, node, visitor, path);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visitAsync_(key, ctrl, visitor, path);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path = Object.freeze(path.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = await visitAsync_(i, node.items[i], visitor, path);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path = Object.freeze(path.concat(node));
          const ck = await visitAsync_("key", node.key, visitor, path);
          if (ck === BREAK)
            return BREAK;
          else if (ck === REMOVE)
            node.key = null;
          const cv = await visitAsync_("value", node.value, visitor, path);
          if (cv === BREAK)
            return BREAK;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    function initVisitor(visitor) {
      if (typeof visitor === "object" && (visitor.Collection || visitor.Node || visitor.Value)) {
        return Object.assign({
          Alias: visitor.Node,
          Map: visitor.Node,
          Scalar: visitor.Node,
          Seq: visitor.Node
        }, visitor.Value && {
          Map: visitor.Value,
          Scalar: visitor.Value,
          Seq: visitor.Value
        }, visitor.Collection && {
          Map: visitor.Collection,
          Seq: visitor.Collection
        }, visitor);
      }
      return visitor;
    }
    function callVisitor(key, node, visitor, path) {
      if (typeof visitor === "function")
        return visitor(key, node, path);
      if (identity.isMap(node))
        return visitor.Map?.(key, node, path);
      if (identity.isSeq(node))
        return visitor.Seq?.(key, node, path);
      if (identity.isPair(node))
        return visitor.Pair?.(key, node, path);
      if (identity.isScalar(node))
        return visitor.Scalar?.(key, node, path);
      if (identity.isAlias(node))
        return visitor.Alias?.(key, node, path);
      return void 0;
    }
    function replaceNode(key, path, node) {
      const parent = path[path.length - 1];
      if (identity.isCollection(parent)) {
        parent.items[key] = node;
      } else if (identity.isPair(parent)) {
        if (key === "key")
          parent.key = node;
        else
          parent.value = node;
      } else if (identity.isDocument(parent)) {
        parent.contents = node;
      } else {
        const pt = identity.isAlias(parent) ? "alias" : "scalar";
        throw new Error(`Cannot replace node with ${pt} parent`);
      }
    }
    exports2.visit = visit;
    exports2.visitAsync = visitAsync;
  }
});

// node_modules/yaml/dist/doc/directives.js
var require_directives = __commonJS({
  "node_modules/yaml/dist/doc/directives.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var visit = require_visit();
    var escapeChars = {
      "!": "%21",
      ",": "%2C",
      "[": "%5B",
      "]": "%5D",
      "{": "%7B",
      "}": "%7D"
    };
    var escapeTagName = (tn) => tn.replace(/[!,[\]{}]/g, (ch) => escapeChars[ch]);
    var Directives = class _Directives {
      constructor(yaml, tags) {
        this.docStart = null;
        this.docEnd = false;
        this.yaml = Object.assign({}, _Directives.defaultYaml, yaml);
        this.tags = Object.assign({}, _Directives.defaultTags, tags);
      }
      clone() {
        const copy = new _Directives(this.yaml, this.tags);
        copy.docStart = this.docStart;
        return copy;
      }
      /**
       * During parsing, get a Directives instance for the current document and
       * update the stream state according to the current version's spec.
       */
      atDocument() {
        const res2 = new _Directives(this.yaml, this.tags);
        switch (this.yaml.version) {
          case "1.1":
            this.atNextDocument = true;
            break;
          case "1.2":
            this.atNextDocument = false;
            this.yaml = {
              explicit: _Directives.defaultYaml.explicit,
              version: "1.2"
            };
            this.tags = Object.assign({}, _Directives.defaultTags);
            break;
        }
        return res2;
      }
      /**
       * @param onError - May be called even if the action was successful
       * @returns `true` on success
       */
      add(line, onError) {
        if (this.atNextDocument) {
          this.yaml = { explicit: _Directives.defaultYaml.explicit, version: "1.1" };
          this.tags = Object.assign({}, _Directives.defaultTags);
          this.atNextDocument = false;
        }
        const parts = line.trim().split(/[ \t]+/);
        const name = parts.shift();
        switch (name) {
          case "%TAG": {
            if (parts.length !== 2) {
              onError(0, "%TAG directive should contain exactly two parts");
              if (parts.length < 2)
                return false;
            }
            const [handle, prefix] = parts;
            this.tags[handle] = prefix;
            return true;
          }
          case "%YAML": {
            this.yaml.explicit = true;
            if (parts.length !== 1) {
              onError(0, "%YAML directive should contain exactly one part");
              return false;
            }
            const [version] = parts;
            if (version === "1.1" || version === "1.2") {
              this.yaml.version = version;
              return true;
            } else {
              const isValid = /^\d+\.\d+$/.test(version);
              onError(6, `Unsupported YAML version ${version}`, isValid);
              return false;
            }
          }
          default:
            onError(0, `Unknown directive ${name}`, true);
            return false;
        }
      }
      /**
       * Resolves a tag, matching handles to those defined in %TAG directives.
       *
       * @returns Resolved tag, which may also be the non-specific tag `'!'` or a
       *   `'!local'` tag, or `null` if unresolvable.
       */
      tagName(source, onError) {
        if (source === "!")
          return "!";
        if (source[0] !== "!") {
          onError(`Not a valid tag: ${source}`);
          return null;
        }
        if (source[1] === "<") {
          const verbatim = source.slice(2, -1);
          if (verbatim === "!" || verbatim === "!!") {
            onError(`Verbatim tags aren't resolved, so ${source} is invalid.`);
            return null;
          }
          if (source[source.length - 1] !== ">")
            onError("Verbatim tags must end with a >");
          return verbatim;
        }
        const [, handle, suffix] = source.match(/^(.*!)([^!]*)$/s);
        if (!suffix)
          onError(`The ${source} tag has no suffix`);
        const prefix = this.tags[handle];
        if (prefix) {
          try {
            return prefix + decodeURIComponent(suffix);
          } catch (error) {
            onError(String(error));
            return null;
          }
        }
        if (handle === "!")
          return source;
        onError(`Could not resolve tag: ${source}`);
        return null;
      }
      /**
       * Given a fully resolved tag, returns its printable string form,
       * taking into account current tag prefixes and defaults.
       */
      tagString(tag) {
        for (const [handle, prefix] of Object.entries(this.tags)) {
          if (tag.startsWith(prefix))
            return handle + escapeTagName(tag.substring(prefix.length));
        }
        return tag[0] === "!" ? tag : `!<${tag}>`;
      }
      toString(doc) {
        const lines = this.yaml.explicit ? [`%YAML ${this.yaml.version || "1.2"}`] : [];
        const tagEntries = Object.entries(this.tags);
        let tagNames;
        if (doc && tagEntries.length > 0 && identity.isNode(doc.contents)) {
          const tags = {};
          visit.visit(doc.contents, (_key, node) => {
            if (identity.isNode(node) && node.tag)
              tags[node.tag] = true;
          });
          tagNames = Object.keys(tags);
        } else
          tagNames = [];
        for (const [handle, prefix] of tagEntries) {
          if (handle === "!!" && prefix === "tag:yaml.org,2002:")
            continue;
          if (!doc || tagNames.some((tn) => tn.startsWith(prefix)))
            lines.push(`%TAG ${handle} ${prefix}`);
        }
        return lines.join("\n");
      }
    };
    Directives.defaultYaml = { explicit: false, version: "1.2" };
    Directives.defaultTags = { "!!": "tag:yaml.org,2002:" };
    exports2.Directives = Directives;
  }
});

// node_modules/yaml/dist/doc/anchors.js
var require_anchors = __commonJS({
  "node_modules/yaml/dist/doc/anchors.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var visit = require_visit();
    function anchorIsValid(anchor) {
      if (/[\x00-\x19\s,[\]{}]/.test(anchor)) {
        const sa = JSON.stringify(anchor);
        const msg = `Anchor must not contain whitespace or control characters: ${sa}`;
        throw new Error(msg);
      }
      return true;
    }
    function anchorNames(root) {
      const anchors = /* @__PURE__ */ new Set();
      visit.visit(root, {
        Value(_key, node) {
          if (node.anchor)
            anchors.add(node.anchor);
        }
      });
      return anchors;
    }
    function findNewAnchor(prefix, exclude) {
      for (let i = 1; true; ++i) {
        const name = `${prefix}${i}`;
        if (!exclude.has(name))
          return name;
      }
    }
    function createNodeAnchors(doc, prefix) {
      const aliasObjects = [];
      const sourceObjects = /* @__PURE__ */ new Map();
      let prevAnchors = null;
      return {
        onAnchor: (source) => {
          aliasObjects.push(source);
          prevAnchors ?? (prevAnchors = anchorNames(doc));
          const anchor = findNewAnchor(prefix, prevAnchors);
          prevAnchors.add(anchor);
          return anchor;
        },
        /**
         * With circular references, the source node is only resolved after all
         * of its child nodes are. This is why anchors are set only after all of
         * the nodes have been created.
         */
        setAnchors: () => {
          for (const source of aliasObjects) {
            const ref = sourceObjects.get(source);
            if (typeof ref === "object" && ref.anchor && (identity.isScalar(ref.node) || identity.isCollection(ref.node))) {
              ref.node.anchor = ref.anchor;
            } else {
              const error = new Error("Failed to resolve repeated object (this should not happen)");
              error.source = source;
              throw error;
            }
          }
        },
        sourceObjects
      };
    }
    exports2.anchorIsValid = anchorIsValid;
    exports2.anchorNames = anchorNames;
    exports2.createNodeAnchors = createNodeAnchors;
    exports2.findNewAnchor = findNewAnchor;
  }
});

// node_modules/yaml/dist/doc/applyReviver.js
var require_applyReviver = __commonJS({
  "node_modules/yaml/dist/doc/applyReviver.js"(exports2) {
    "use strict";
    function applyReviver(reviver, obj, key, val) {
      if (val && typeof val === "object") {
        if (Array.isArray(val)) {
          for (let i = 0, len = val.length; i < len; ++i) {
            const v0 = val[i];
            const v1 = applyReviver(reviver, val, String(i), v0);
            if (v1 === void 0)
              delete val[i];
            else if (v1 !== v0)
              val[i] = v1;
          }
        } else if (val instanceof Map) {
          for (const k of Array.from(val.keys())) {
            const v0 = val.get(k);
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              val.delete(k);
            else if (v1 !== v0)
              val.set(k, v1);
          }
        } else if (val instanceof Set) {
          for (const v0 of Array.from(val)) {
            const v1 = applyReviver(reviver, val, v0, v0);
            if (v1 === void 0)
              val.delete(v0);
            else if (v1 !== v0) {
              val.delete(v0);
              val.add(v1);
            }
          }
        } else {
          for (const [k, v0] of Object.entries(val)) {
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              delete val[k];
            else if (v1 !== v0)
              val[k] = v1;
          }
        }
      }
      return reviver.call(obj, key, val);
    }
    exports2.applyReviver = applyReviver;
  }
});

// node_modules/yaml/dist/nodes/toJS.js
var require_toJS = __commonJS({
  "node_modules/yaml/dist/nodes/toJS.js"(exports2) {
    "use strict";
    var identity = require_identity();
    function toJS(value, arg, ctx) {
      if (Array.isArray(value))
        return value.map((v, i) => toJS(v, String(i), ctx));
      if (value && typeof value.toJSON === "function") {
        if (!ctx || !identity.hasAnchor(value))
          return value.toJSON(arg, ctx);
        const data = { aliasCount: 0, count: 1, res: void 0 };
        ctx.anchors.set(value, data);
        ctx.onCreate = (res3) => {
          data.res = res3;
          delete ctx.onCreate;
        };
        const res2 = value.toJSON(arg, ctx);
        if (ctx.onCreate)
          ctx.onCreate(res2);
        return res2;
      }
      if (typeof value === "bigint" && !ctx?.keep)
        return Number(value);
      return value;
    }
    exports2.toJS = toJS;
  }
});

// node_modules/yaml/dist/nodes/Node.js
var require_Node = __commonJS({
  "node_modules/yaml/dist/nodes/Node.js"(exports2) {
    "use strict";
    var applyReviver = require_applyReviver();
    var identity = require_identity();
    var toJS = require_toJS();
    var NodeBase = class {
      constructor(type) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: type });
      }
      /** Create a copy of this node.  */
      clone() {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** A plain JavaScript representation of this node. */
      toJS(doc, { mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        if (!identity.isDocument(doc))
          throw new TypeError("A document argument is required");
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc,
          keep: true,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res2 = toJS.toJS(this, "", ctx);
        if (typeof onAnchor === "function")
          for (const { count, res: res3 } of ctx.anchors.values())
            onAnchor(res3, count);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res2 }, "", res2) : res2;
      }
    };
    exports2.NodeBase = NodeBase;
  }
});

// node_modules/yaml/dist/nodes/Alias.js
var require_Alias = __commonJS({
  "node_modules/yaml/dist/nodes/Alias.js"(exports2) {
    "use strict";
    var anchors = require_anchors();
    var visit = require_visit();
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var Alias = class extends Node.NodeBase {
      constructor(source) {
        super(identity.ALIAS);
        this.source = source;
        Object.defineProperty(this, "tag", {
          set() {
            throw new Error("Alias nodes cannot have tags");
          }
        });
      }
      /**
       * Resolve the value of this alias within `doc`, finding the last
       * instance of the `source` anchor before this node.
       */
      resolve(doc, ctx) {
        if (ctx?.maxAliasCount === 0)
          throw new ReferenceError("Alias resolution is disabled");
        let nodes;
        if (ctx?.aliasResolveCache) {
          nodes = ctx.aliasResolveCache;
        } else {
          nodes = [];
          visit.visit(doc, {
            Node: (_key, node) => {
              if (identity.isAlias(node) || identity.hasAnchor(node))
                nodes.push(node);
            }
          });
          if (ctx)
            ctx.aliasResolveCache = nodes;
        }
        let found = void 0;
        for (const node of nodes) {
          if (node === this)
            break;
          if (node.anchor === this.source)
            found = node;
        }
        if (found && ctx) {
          const { anchors: anchors2, doc: doc2, maxAliasCount } = ctx;
          let data = anchors2.get(found);
          if (!data) {
            toJS.toJS(found, null, ctx);
            data = anchors2.get(found);
          }
          if (data?.res === void 0) {
            const msg = "This should not happen: Alias anchor was not resolved?";
            throw new ReferenceError(msg);
          }
          if (maxAliasCount >= 0) {
            data.count += 1;
            if (data.aliasCount === 0)
              data.aliasCount = getAliasCount(doc2, found, anchors2);
            if (data.count * data.aliasCount > maxAliasCount) {
              const msg = "Excessive alias count indicates a resource exhaustion attack";
              throw new ReferenceError(msg);
            }
          }
        }
        return found;
      }
      toJSON(_arg, ctx) {
        if (!ctx)
          return { source: this.source };
        const source = this.resolve(ctx.doc, ctx);
        if (!source) {
          const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
          throw new ReferenceError(msg);
        }
        return ctx.anchors.get(source).res;
      }
      toString(ctx, _onComment, _onChompKeep) {
        const src = `*${this.source}`;
        if (ctx) {
          anchors.anchorIsValid(this.source);
          if (ctx.options.verifyAliasOrder && !ctx.anchors.has(this.source)) {
            const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
            throw new Error(msg);
          }
          if (ctx.implicitKey)
            return `${src} `;
        }
        return src;
      }
    };
    function getAliasCount(doc, node, anchors2) {
      if (identity.isAlias(node)) {
        const source = node.resolve(doc);
        const anchor = anchors2 && source && anchors2.get(source);
        return anchor ? anchor.count * anchor.aliasCount : 0;
      } else if (identity.isCollection(node)) {
        let count = 0;
        for (const item of node.items) {
          const c = getAliasCount(doc, item, anchors2);
          if (c > count)
            count = c;
        }
        return count;
      } else if (identity.isPair(node)) {
        const kc = getAliasCount(doc, node.key, anchors2);
        const vc = getAliasCount(doc, node.value, anchors2);
        return Math.max(kc, vc);
      }
      return 1;
    }
    exports2.Alias = Alias;
  }
});

// node_modules/yaml/dist/nodes/Scalar.js
var require_Scalar = __commonJS({
  "node_modules/yaml/dist/nodes/Scalar.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var isScalarValue = (value) => !value || typeof value !== "function" && typeof value !== "object";
    var Scalar = class extends Node.NodeBase {
      constructor(value) {
        super(identity.SCALAR);
        this.value = value;
      }
      toJSON(arg, ctx) {
        return ctx?.keep ? this.value : toJS.toJS(this.value, arg, ctx);
      }
      toString() {
        return String(this.value);
      }
    };
    Scalar.BLOCK_FOLDED = "BLOCK_FOLDED";
    Scalar.BLOCK_LITERAL = "BLOCK_LITERAL";
    Scalar.PLAIN = "PLAIN";
    Scalar.QUOTE_DOUBLE = "QUOTE_DOUBLE";
    Scalar.QUOTE_SINGLE = "QUOTE_SINGLE";
    exports2.Scalar = Scalar;
    exports2.isScalarValue = isScalarValue;
  }
});

// node_modules/yaml/dist/doc/createNode.js
var require_createNode = __commonJS({
  "node_modules/yaml/dist/doc/createNode.js"(exports2) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var defaultTagPrefix = "tag:yaml.org,2002:";
    function findTagObject(value, tagName, tags) {
      if (tagName) {
        const match = tags.filter((t) => t.tag === tagName);
        const tagObj = match.find((t) => !t.format) ?? match[0];
        if (!tagObj)
          throw new Error(`Tag ${tagName} not found`);
        return tagObj;
      }
      return tags.find((t) => t.identify?.(value) && !t.format);
    }
    function createNode(value, tagName, ctx) {
      if (identity.isDocument(value))
        value = value.contents;
      if (identity.isNode(value))
        return value;
      if (identity.isPair(value)) {
        const map = ctx.schema[identity.MAP].createNode?.(ctx.schema, null, ctx);
        map.items.push(value);
        return map;
      }
      if (value instanceof String || value instanceof Number || value instanceof Boolean || typeof BigInt !== "undefined" && value instanceof BigInt) {
        value = value.valueOf();
      }
      const { aliasDuplicateObjects, onAnchor, onTagObj, schema, sourceObjects } = ctx;
      let ref = void 0;
      if (aliasDuplicateObjects && value && typeof value === "object") {
        ref = sourceObjects.get(value);
        if (ref) {
          ref.anchor ?? (ref.anchor = onAnchor(value));
          return new Alias.Alias(ref.anchor);
        } else {
          ref = { anchor: null, node: null };
          sourceObjects.set(value, ref);
        }
      }
      if (tagName?.startsWith("!!"))
        tagName = defaultTagPrefix + tagName.slice(2);
      let tagObj = findTagObject(value, tagName, schema.tags);
      if (!tagObj) {
        if (value && typeof value.toJSON === "function") {
          value = value.toJSON();
        }
        if (!value || typeof value !== "object") {
          const node2 = new Scalar.Scalar(value);
          if (ref)
            ref.node = node2;
          return node2;
        }
        tagObj = value instanceof Map ? schema[identity.MAP] : Symbol.iterator in Object(value) ? schema[identity.SEQ] : schema[identity.MAP];
      }
      if (onTagObj) {
        onTagObj(tagObj);
        delete ctx.onTagObj;
      }
      const node = tagObj?.createNode ? tagObj.createNode(ctx.schema, value, ctx) : typeof tagObj?.nodeClass?.from === "function" ? tagObj.nodeClass.from(ctx.schema, value, ctx) : new Scalar.Scalar(value);
      if (tagName)
        node.tag = tagName;
      else if (!tagObj.default)
        node.tag = tagObj.tag;
      if (ref)
        ref.node = node;
      return node;
    }
    exports2.createNode = createNode;
  }
});

// node_modules/yaml/dist/nodes/Collection.js
var require_Collection = __commonJS({
  "node_modules/yaml/dist/nodes/Collection.js"(exports2) {
    "use strict";
    var createNode = require_createNode();
    var identity = require_identity();
    var Node = require_Node();
    function collectionFromPath(schema, path, value) {
      let v = value;
      for (let i = path.length - 1; i >= 0; --i) {
        const k = path[i];
        if (typeof k === "number" && Number.isInteger(k) && k >= 0) {
          const a = [];
          a[k] = v;
          v = a;
        } else {
          v = /* @__PURE__ */ new Map([[k, v]]);
        }
      }
      return createNode.createNode(v, void 0, {
        aliasDuplicateObjects: false,
        keepUndefined: false,
        onAnchor: () => {
          throw new Error("This should not happen, please report a bug.");
        },
        schema,
        sourceObjects: /* @__PURE__ */ new Map()
      });
    }
    var isEmptyPath = (path) => path == null || typeof path === "object" && !!path[Symbol.iterator]().next().done;
    var Collection = class extends Node.NodeBase {
      constructor(type, schema) {
        super(type);
        Object.defineProperty(this, "schema", {
          value: schema,
          configurable: true,
          enumerable: false,
          writable: true
        });
      }
      /**
       * Create a copy of this collection.
       *
       * @param schema - If defined, overwrites the original's schema
       */
      clone(schema) {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (schema)
          copy.schema = schema;
        copy.items = copy.items.map((it) => identity.isNode(it) || identity.isPair(it) ? it.clone(schema) : it);
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /**
       * Adds a value to the collection. For `!!map` and `!!omap` the value must
       * be a Pair instance or a `{ key, value }` object, which may not have a key
       * that already exists in the map.
       */
      addIn(path, value) {
        if (isEmptyPath(path))
          this.add(value);
        else {
          const [key, ...rest] = path;
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.addIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
      /**
       * Removes a value from the collection.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.delete(key);
        const node = this.get(key, true);
        if (identity.isCollection(node))
          return node.deleteIn(rest);
        else
          throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        const [key, ...rest] = path;
        const node = this.get(key, true);
        if (rest.length === 0)
          return !keepScalar && identity.isScalar(node) ? node.value : node;
        else
          return identity.isCollection(node) ? node.getIn(rest, keepScalar) : void 0;
      }
      hasAllNullValues(allowScalar) {
        return this.items.every((node) => {
          if (!identity.isPair(node))
            return false;
          const n = node.value;
          return n == null || allowScalar && identity.isScalar(n) && n.value == null && !n.commentBefore && !n.comment && !n.tag;
        });
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       */
      hasIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.has(key);
        const node = this.get(key, true);
        return identity.isCollection(node) ? node.hasIn(rest) : false;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        const [key, ...rest] = path;
        if (rest.length === 0) {
          this.set(key, value);
        } else {
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.setIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
    };
    exports2.Collection = Collection;
    exports2.collectionFromPath = collectionFromPath;
    exports2.isEmptyPath = isEmptyPath;
  }
});

// node_modules/yaml/dist/stringify/stringifyComment.js
var require_stringifyComment = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyComment.js"(exports2) {
    "use strict";
    var stringifyComment = (str) => str.replace(/^(?!$)(?: $)?/gm, "#");
    function indentComment(comment, indent) {
      if (/^\n+$/.test(comment))
        return comment.substring(1);
      return indent ? comment.replace(/^(?! *$)/gm, indent) : comment;
    }
    var lineComment = (str, indent, comment) => str.endsWith("\n") ? indentComment(comment, indent) : comment.includes("\n") ? "\n" + indentComment(comment, indent) : (str.endsWith(" ") ? "" : " ") + comment;
    exports2.indentComment = indentComment;
    exports2.lineComment = lineComment;
    exports2.stringifyComment = stringifyComment;
  }
});

// node_modules/yaml/dist/stringify/foldFlowLines.js
var require_foldFlowLines = __commonJS({
  "node_modules/yaml/dist/stringify/foldFlowLines.js"(exports2) {
    "use strict";
    var FOLD_FLOW = "flow";
    var FOLD_BLOCK = "block";
    var FOLD_QUOTED = "quoted";
    function foldFlowLines(text2, indent, mode = "flow", { indentAtStart, lineWidth = 80, minContentWidth = 20, onFold, onOverflow } = {}) {
      if (!lineWidth || lineWidth < 0)
        return text2;
      if (lineWidth < minContentWidth)
        minContentWidth = 0;
      const endStep = Math.max(1 + minContentWidth, 1 + lineWidth - indent.length);
      if (text2.length <= endStep)
        return text2;
      const folds = [];
      const escapedFolds = {};
      let end = lineWidth - indent.length;
      if (typeof indentAtStart === "number") {
        if (indentAtStart > lineWidth - Math.max(2, minContentWidth))
          folds.push(0);
        else
          end = lineWidth - indentAtStart;
      }
      let split = void 0;
      let prev = void 0;
      let overflow = false;
      let i = -1;
      let escStart = -1;
      let escEnd = -1;
      if (mode === FOLD_BLOCK) {
        i = consumeMoreIndentedLines(text2, i, indent.length);
        if (i !== -1)
          end = i + endStep;
      }
      for (let ch; ch = text2[i += 1]; ) {
        if (mode === FOLD_QUOTED && ch === "\\") {
          escStart = i;
          switch (text2[i + 1]) {
            case "x":
              i += 3;
              break;
            case "u":
              i += 5;
              break;
            case "U":
              i += 9;
              break;
            default:
              i += 1;
          }
          escEnd = i;
        }
        if (ch === "\n") {
          if (mode === FOLD_BLOCK)
            i = consumeMoreIndentedLines(text2, i, indent.length);
          end = i + indent.length + endStep;
          split = void 0;
        } else {
          if (ch === " " && prev && prev !== " " && prev !== "\n" && prev !== "	") {
            const next = text2[i + 1];
            if (next && next !== " " && next !== "\n" && next !== "	")
              split = i;
          }
          if (i >= end) {
            if (split) {
              folds.push(split);
              end = split + endStep;
              split = void 0;
            } else if (mode === FOLD_QUOTED) {
              while (prev === " " || prev === "	") {
                prev = ch;
                ch = text2[i += 1];
                overflow = true;
              }
              const j = i > escEnd + 1 ? i - 2 : escStart - 1;
              if (escapedFolds[j])
                return text2;
              folds.push(j);
              escapedFolds[j] = true;
              end = j + endStep;
              split = void 0;
            } else {
              overflow = true;
            }
          }
        }
        prev = ch;
      }
      if (overflow && onOverflow)
        onOverflow();
      if (folds.length === 0)
        return text2;
      if (onFold)
        onFold();
      let res2 = text2.slice(0, folds[0]);
      for (let i2 = 0; i2 < folds.length; ++i2) {
        const fold = folds[i2];
        const end2 = folds[i2 + 1] || text2.length;
        if (fold === 0)
          res2 = `
${indent}${text2.slice(0, end2)}`;
        else {
          if (mode === FOLD_QUOTED && escapedFolds[fold])
            res2 += `${text2[fold]}\\`;
          res2 += `
${indent}${text2.slice(fold + 1, end2)}`;
        }
      }
      return res2;
    }
    function consumeMoreIndentedLines(text2, i, indent) {
      let end = i;
      let start2 = i + 1;
      let ch = text2[start2];
      while (ch === " " || ch === "	") {
        if (i < start2 + indent) {
          ch = text2[++i];
        } else {
          do {
            ch = text2[++i];
          } while (ch && ch !== "\n");
          end = i;
          start2 = i + 1;
          ch = text2[start2];
        }
      }
      return end;
    }
    exports2.FOLD_BLOCK = FOLD_BLOCK;
    exports2.FOLD_FLOW = FOLD_FLOW;
    exports2.FOLD_QUOTED = FOLD_QUOTED;
    exports2.foldFlowLines = foldFlowLines;
  }
});

// node_modules/yaml/dist/stringify/stringifyString.js
var require_stringifyString = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyString.js"(exports2) {
    "use strict";
    var Scalar = require_Scalar();
    var foldFlowLines = require_foldFlowLines();
    var getFoldOptions = (ctx, isBlock) => ({
      indentAtStart: isBlock ? ctx.indent.length : ctx.indentAtStart,
      lineWidth: ctx.options.lineWidth,
      minContentWidth: ctx.options.minContentWidth
    });
    var containsDocumentMarker = (str) => /^(%|---|\.\.\.)/m.test(str);
    function lineLengthOverLimit(str, lineWidth, indentLength) {
      if (!lineWidth || lineWidth < 0)
        return false;
      const limit = lineWidth - indentLength;
      const strLen = str.length;
      if (strLen <= limit)
        return false;
      for (let i = 0, start2 = 0; i < strLen; ++i) {
        if (str[i] === "\n") {
          if (i - start2 > limit)
            return true;
          start2 = i + 1;
          if (strLen - start2 <= limit)
            return false;
        }
      }
      return true;
    }
    function doubleQuotedString(value, ctx) {
      const json = JSON.stringify(value);
      if (ctx.options.doubleQuotedAsJSON)
        return json;
      const { implicitKey } = ctx;
      const minMultiLineLength = ctx.options.doubleQuotedMinMultiLineLength;
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      let str = "";
      let start2 = 0;
      for (let i = 0, ch = json[i]; ch; ch = json[++i]) {
        if (ch === " " && json[i + 1] === "\\" && json[i + 2] === "n") {
          str += json.slice(start2, i) + "\\ ";
          i += 1;
          start2 = i;
          ch = "\\";
        }
        if (ch === "\\")
          switch (json[i + 1]) {
            case "u":
              {
                str += json.slice(start2, i);
                const code = json.substr(i + 2, 4);
                switch (code) {
                  case "0000":
                    str += "\\0";
                    break;
                  case "0007":
                    str += "\\a";
                    break;
                  case "000b":
                    str += "\\v";
                    break;
                  case "001b":
                    str += "\\e";
                    break;
                  case "0085":
                    str += "\\N";
                    break;
                  case "00a0":
                    str += "\\_";
                    break;
                  case "2028":
                    str += "\\L";
                    break;
                  case "2029":
                    str += "\\P";
                    break;
                  default:
                    if (code.substr(0, 2) === "00")
                      str += "\\x" + code.substr(2);
                    else
                      str += json.substr(i, 6);
                }
                i += 5;
                start2 = i + 1;
              }
              break;
            case "n":
              if (implicitKey || json[i + 2] === '"' || json.length < minMultiLineLength) {
                i += 1;
              } else {
                str += json.slice(start2, i) + "\n\n";
                while (json[i + 2] === "\\" && json[i + 3] === "n" && json[i + 4] !== '"') {
                  str += "\n";
                  i += 2;
                }
                str += indent;
                if (json[i + 2] === " ")
                  str += "\\";
                i += 1;
                start2 = i + 1;
              }
              break;
            default:
              i += 1;
          }
      }
      str = start2 ? str + json.slice(start2) : json;
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_QUOTED, getFoldOptions(ctx, false));
    }
    function singleQuotedString(value, ctx) {
      if (ctx.options.singleQuote === false || ctx.implicitKey && value.includes("\n") || /[ \t]\n|\n[ \t]/.test(value))
        return doubleQuotedString(value, ctx);
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      const res2 = "'" + value.replace(/'/g, "''").replace(/\n+/g, `$&
${indent}`) + "'";
      return ctx.implicitKey ? res2 : foldFlowLines.foldFlowLines(res2, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    function quotedString(value, ctx) {
      const { singleQuote } = ctx.options;
      let qs;
      if (singleQuote === false)
        qs = doubleQuotedString;
      else {
        const hasDouble = value.includes('"');
        const hasSingle = value.includes("'");
        if (hasDouble && !hasSingle)
          qs = singleQuotedString;
        else if (hasSingle && !hasDouble)
          qs = doubleQuotedString;
        else
          qs = singleQuote ? singleQuotedString : doubleQuotedString;
      }
      return qs(value, ctx);
    }
    var blockEndNewlines;
    try {
      blockEndNewlines = new RegExp("(^|(?<!\n))\n+(?!\n|$)", "g");
    } catch {
      blockEndNewlines = /\n+(?!\n|$)/g;
    }
    function blockString({ comment, type, value }, ctx, onComment, onChompKeep) {
      const { blockQuote, commentString, lineWidth } = ctx.options;
      if (!blockQuote || /\n[\t ]+$/.test(value)) {
        return quotedString(value, ctx);
      }
      const indent = ctx.indent || (ctx.forceBlockIndent || containsDocumentMarker(value) ? "  " : "");
      const literal = blockQuote === "literal" ? true : blockQuote === "folded" || type === Scalar.Scalar.BLOCK_FOLDED ? false : type === Scalar.Scalar.BLOCK_LITERAL ? true : !lineLengthOverLimit(value, lineWidth, indent.length);
      if (!value)
        return literal ? "|\n" : ">\n";
      let chomp;
      let endStart;
      for (endStart = value.length; endStart > 0; --endStart) {
        const ch = value[endStart - 1];
        if (ch !== "\n" && ch !== "	" && ch !== " ")
          break;
      }
      let end = value.substring(endStart);
      const endNlPos = end.indexOf("\n");
      if (endNlPos === -1) {
        chomp = "-";
      } else if (value === end || endNlPos !== end.length - 1) {
        chomp = "+";
        if (onChompKeep)
          onChompKeep();
      } else {
        chomp = "";
      }
      if (end) {
        value = value.slice(0, -end.length);
        if (end[end.length - 1] === "\n")
          end = end.slice(0, -1);
        end = end.replace(blockEndNewlines, `$&${indent}`);
      }
      let startWithSpace = false;
      let startEnd;
      let startNlPos = -1;
      for (startEnd = 0; startEnd < value.length; ++startEnd) {
        const ch = value[startEnd];
        if (ch === " ")
          startWithSpace = true;
        else if (ch === "\n")
          startNlPos = startEnd;
        else
          break;
      }
      let start2 = value.substring(0, startNlPos < startEnd ? startNlPos + 1 : startEnd);
      if (start2) {
        value = value.substring(start2.length);
        start2 = start2.replace(/\n+/g, `$&${indent}`);
      }
      const indentSize = indent ? "2" : "1";
      let header = (startWithSpace ? indentSize : "") + chomp;
      if (comment) {
        header += " " + commentString(comment.replace(/ ?[\r\n]+/g, " "));
        if (onComment)
          onComment();
      }
      if (!literal) {
        const foldedValue = value.replace(/\n+/g, "\n$&").replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g, "$1$2").replace(/\n+/g, `$&${indent}`);
        let literalFallback = false;
        const foldOptions = getFoldOptions(ctx, true);
        if (blockQuote !== "folded" && type !== Scalar.Scalar.BLOCK_FOLDED) {
          foldOptions.onOverflow = () => {
            literalFallback = true;
          };
        }
        const body = foldFlowLines.foldFlowLines(`${start2}${foldedValue}${end}`, indent, foldFlowLines.FOLD_BLOCK, foldOptions);
        if (!literalFallback)
          return `>${header}
${indent}${body}`;
      }
      value = value.replace(/\n+/g, `$&${indent}`);
      return `|${header}
${indent}${start2}${value}${end}`;
    }
    function plainString(item, ctx, onComment, onChompKeep) {
      const { type, value } = item;
      const { actualString, implicitKey, indent, indentStep, inFlow } = ctx;
      if (implicitKey && value.includes("\n") || inFlow && /[[\]{},]/.test(value)) {
        return quotedString(value, ctx);
      }
      if (/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value)) {
        return implicitKey || inFlow || !value.includes("\n") ? quotedString(value, ctx) : blockString(item, ctx, onComment, onChompKeep);
      }
      if (!implicitKey && !inFlow && type !== Scalar.Scalar.PLAIN && value.includes("\n")) {
        return blockString(item, ctx, onComment, onChompKeep);
      }
      if (containsDocumentMarker(value)) {
        if (indent === "") {
          ctx.forceBlockIndent = true;
          return blockString(item, ctx, onComment, onChompKeep);
        } else if (implicitKey && indent === indentStep) {
          return quotedString(value, ctx);
        }
      }
      const str = value.replace(/\n+/g, `$&
${indent}`);
      if (actualString) {
        const test = (tag) => tag.default && tag.tag !== "tag:yaml.org,2002:str" && tag.test?.test(str);
        const { compat, tags } = ctx.doc.schema;
        if (tags.some(test) || compat?.some(test))
          return quotedString(value, ctx);
      }
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    function stringifyString(item, ctx, onComment, onChompKeep) {
      const { implicitKey, inFlow } = ctx;
      const ss = typeof item.value === "string" ? item : Object.assign({}, item, { value: String(item.value) });
      let { type } = item;
      if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
        if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value))
          type = Scalar.Scalar.QUOTE_DOUBLE;
      }
      const _stringify = (_type) => {
        switch (_type) {
          case Scalar.Scalar.BLOCK_FOLDED:
          case Scalar.Scalar.BLOCK_LITERAL:
            return implicitKey || inFlow ? quotedString(ss.value, ctx) : blockString(ss, ctx, onComment, onChompKeep);
          case Scalar.Scalar.QUOTE_DOUBLE:
            return doubleQuotedString(ss.value, ctx);
          case Scalar.Scalar.QUOTE_SINGLE:
            return singleQuotedString(ss.value, ctx);
          case Scalar.Scalar.PLAIN:
            return plainString(ss, ctx, onComment, onChompKeep);
          default:
            return null;
        }
      };
      let res2 = _stringify(type);
      if (res2 === null) {
        const { defaultKeyType, defaultStringType } = ctx.options;
        const t = implicitKey && defaultKeyType || defaultStringType;
        res2 = _stringify(t);
        if (res2 === null)
          throw new Error(`Unsupported default string type ${t}`);
      }
      return res2;
    }
    exports2.stringifyString = stringifyString;
  }
});

// node_modules/yaml/dist/stringify/stringify.js
var require_stringify = __commonJS({
  "node_modules/yaml/dist/stringify/stringify.js"(exports2) {
    "use strict";
    var anchors = require_anchors();
    var identity = require_identity();
    var stringifyComment = require_stringifyComment();
    var stringifyString = require_stringifyString();
    function createStringifyContext(doc, options2) {
      const opt = Object.assign({
        blockQuote: true,
        commentString: stringifyComment.stringifyComment,
        defaultKeyType: null,
        defaultStringType: "PLAIN",
        directives: null,
        doubleQuotedAsJSON: false,
        doubleQuotedMinMultiLineLength: 40,
        falseStr: "false",
        flowCollectionPadding: true,
        indentSeq: true,
        lineWidth: 80,
        minContentWidth: 20,
        nullStr: "null",
        simpleKeys: false,
        singleQuote: null,
        trailingComma: false,
        trueStr: "true",
        verifyAliasOrder: true
      }, doc.schema.toStringOptions, options2);
      let inFlow;
      switch (opt.collectionStyle) {
        case "block":
          inFlow = false;
          break;
        case "flow":
          inFlow = true;
          break;
        default:
          inFlow = null;
      }
      return {
        anchors: /* @__PURE__ */ new Set(),
        doc,
        flowCollectionPadding: opt.flowCollectionPadding ? " " : "",
        indent: "",
        indentStep: typeof opt.indent === "number" ? " ".repeat(opt.indent) : "  ",
        inFlow,
        options: opt
      };
    }
    function getTagObject(tags, item) {
      if (item.tag) {
        const match = tags.filter((t) => t.tag === item.tag);
        if (match.length > 0)
          return match.find((t) => t.format === item.format) ?? match[0];
      }
      let tagObj = void 0;
      let obj;
      if (identity.isScalar(item)) {
        obj = item.value;
        let match = tags.filter((t) => t.identify?.(obj));
        if (match.length > 1) {
          const testMatch = match.filter((t) => t.test);
          if (testMatch.length > 0)
            match = testMatch;
        }
        tagObj = match.find((t) => t.format === item.format) ?? match.find((t) => !t.format);
      } else {
        obj = item;
        tagObj = tags.find((t) => t.nodeClass && obj instanceof t.nodeClass);
      }
      if (!tagObj) {
        const name = obj?.constructor?.name ?? (obj === null ? "null" : typeof obj);
        throw new Error(`Tag not resolved for ${name} value`);
      }
      return tagObj;
    }
    function stringifyProps(node, tagObj, { anchors: anchors$1, doc }) {
      if (!doc.directives)
        return "";
      const props = [];
      const anchor = (identity.isScalar(node) || identity.isCollection(node)) && node.anchor;
      if (anchor && anchors.anchorIsValid(anchor)) {
        anchors$1.add(anchor);
        props.push(`&${anchor}`);
      }
      const tag = node.tag ?? (tagObj.default ? null : tagObj.tag);
      if (tag)
        props.push(doc.directives.tagString(tag));
      return props.join(" ");
    }
    function stringify(item, ctx, onComment, onChompKeep) {
      if (identity.isPair(item))
        return item.toString(ctx, onComment, onChompKeep);
      if (identity.isAlias(item)) {
        if (ctx.doc.directives)
          return item.toString(ctx);
        if (ctx.resolvedAliases?.has(item)) {
          throw new TypeError(`Cannot stringify circular structure without alias nodes`);
        } else {
          if (ctx.resolvedAliases)
            ctx.resolvedAliases.add(item);
          else
            ctx.resolvedAliases = /* @__PURE__ */ new Set([item]);
          item = item.resolve(ctx.doc);
        }
      }
      let tagObj = void 0;
      const node = identity.isNode(item) ? item : ctx.doc.createNode(item, { onTagObj: (o) => tagObj = o });
      tagObj ?? (tagObj = getTagObject(ctx.doc.schema.tags, node));
      const props = stringifyProps(node, tagObj, ctx);
      if (props.length > 0)
        ctx.indentAtStart = (ctx.indentAtStart ?? 0) + props.length + 1;
      const str = typeof tagObj.stringify === "function" ? tagObj.stringify(node, ctx, onComment, onChompKeep) : identity.isScalar(node) ? stringifyString.stringifyString(node, ctx, onComment, onChompKeep) : node.toString(ctx, onComment, onChompKeep);
      if (!props)
        return str;
      return identity.isScalar(node) || str[0] === "{" || str[0] === "[" ? `${props} ${str}` : `${props}
${ctx.indent}${str}`;
    }
    exports2.createStringifyContext = createStringifyContext;
    exports2.stringify = stringify;
  }
});

// node_modules/yaml/dist/stringify/stringifyPair.js
var require_stringifyPair = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyPair.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyPair({ key, value }, ctx, onComment, onChompKeep) {
      const { allNullValues, doc, indent, indentStep, options: { commentString, indentSeq, simpleKeys } } = ctx;
      let keyComment = identity.isNode(key) && key.comment || null;
      if (simpleKeys) {
        if (keyComment) {
          throw new Error("With simple keys, key nodes cannot have comments");
        }
        if (identity.isCollection(key) || !identity.isNode(key) && typeof key === "object") {
          const msg = "With simple keys, collection cannot be used as a key value";
          throw new Error(msg);
        }
      }
      let explicitKey = !simpleKeys && (!key || keyComment && value == null && !ctx.inFlow || identity.isCollection(key) || (identity.isScalar(key) ? key.type === Scalar.Scalar.BLOCK_FOLDED || key.type === Scalar.Scalar.BLOCK_LITERAL : typeof key === "object"));
      ctx = Object.assign({}, ctx, {
        allNullValues: false,
        implicitKey: !explicitKey && (simpleKeys || !allNullValues),
        indent: indent + indentStep
      });
      let keyCommentDone = false;
      let chompKeep = false;
      let str = stringify.stringify(key, ctx, () => keyCommentDone = true, () => chompKeep = true);
      if (!explicitKey && !ctx.inFlow && str.length > 1024) {
        if (simpleKeys)
          throw new Error("With simple keys, single line scalar must not span more than 1024 characters");
        explicitKey = true;
      }
      if (ctx.inFlow) {
        if (allNullValues || value == null) {
          if (keyCommentDone && onComment)
            onComment();
          return str === "" ? "?" : explicitKey ? `? ${str}` : str;
        }
      } else if (allNullValues && !simpleKeys || value == null && explicitKey) {
        str = `? ${str}`;
        if (keyComment && !keyCommentDone) {
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        } else if (chompKeep && onChompKeep)
          onChompKeep();
        return str;
      }
      if (keyCommentDone)
        keyComment = null;
      if (explicitKey) {
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        str = `? ${str}
${indent}:`;
      } else {
        str = `${str}:`;
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
      }
      let vsb, vcb, valueComment;
      if (identity.isNode(value)) {
        vsb = !!value.spaceBefore;
        vcb = value.commentBefore;
        valueComment = value.comment;
      } else {
        vsb = false;
        vcb = null;
        valueComment = null;
        if (value && typeof value === "object")
          value = doc.createNode(value);
      }
      ctx.implicitKey = false;
      if (!explicitKey && !keyComment && identity.isScalar(value))
        ctx.indentAtStart = str.length + 1;
      chompKeep = false;
      if (!indentSeq && indentStep.length >= 2 && !ctx.inFlow && !explicitKey && identity.isSeq(value) && !value.flow && !value.tag && !value.anchor) {
        ctx.indent = ctx.indent.substring(2);
      }
      let valueCommentDone = false;
      const valueStr = stringify.stringify(value, ctx, () => valueCommentDone = true, () => chompKeep = true);
      let ws = " ";
      if (keyComment || vsb || vcb) {
        ws = vsb ? "\n" : "";
        if (vcb) {
          const cs = commentString(vcb);
          ws += `
${stringifyComment.indentComment(cs, ctx.indent)}`;
        }
        if (valueStr === "" && !ctx.inFlow) {
          if (ws === "\n" && valueComment)
            ws = "\n\n";
        } else {
          ws += `
${ctx.indent}`;
        }
      } else if (!explicitKey && identity.isCollection(value)) {
        const vs0 = valueStr[0];
        const nl0 = valueStr.indexOf("\n");
        const hasNewline = nl0 !== -1;
        const flow = ctx.inFlow ?? value.flow ?? value.items.length === 0;
        if (hasNewline || !flow) {
          let hasPropsLine = false;
          if (hasNewline && (vs0 === "&" || vs0 === "!")) {
            let sp0 = valueStr.indexOf(" ");
            if (vs0 === "&" && sp0 !== -1 && sp0 < nl0 && valueStr[sp0 + 1] === "!") {
              sp0 = valueStr.indexOf(" ", sp0 + 1);
            }
            if (sp0 === -1 || nl0 < sp0)
              hasPropsLine = true;
          }
          if (!hasPropsLine)
            ws = `
${ctx.indent}`;
        }
      } else if (valueStr === "" || valueStr[0] === "\n") {
        ws = "";
      }
      str += ws + valueStr;
      if (ctx.inFlow) {
        if (valueCommentDone && onComment)
          onComment();
      } else if (valueComment && !valueCommentDone) {
        str += stringifyComment.lineComment(str, ctx.indent, commentString(valueComment));
      } else if (chompKeep && onChompKeep) {
        onChompKeep();
      }
      return str;
    }
    exports2.stringifyPair = stringifyPair;
  }
});

// node_modules/yaml/dist/log.js
var require_log = __commonJS({
  "node_modules/yaml/dist/log.js"(exports2) {
    "use strict";
    var node_process = require("process");
    function debug(logLevel, ...messages) {
      if (logLevel === "debug")
        console.log(...messages);
    }
    function warn(logLevel, warning) {
      if (logLevel === "debug" || logLevel === "warn") {
        if (typeof node_process.emitWarning === "function")
          node_process.emitWarning(warning);
        else
          console.warn(warning);
      }
    }
    exports2.debug = debug;
    exports2.warn = warn;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/merge.js
var require_merge = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/merge.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var MERGE_KEY = "<<";
    var merge = {
      identify: (value) => value === MERGE_KEY || typeof value === "symbol" && value.description === MERGE_KEY,
      default: "key",
      tag: "tag:yaml.org,2002:merge",
      test: /^<<$/,
      resolve: () => Object.assign(new Scalar.Scalar(Symbol(MERGE_KEY)), {
        addToJSMap: addMergeToJSMap
      }),
      stringify: () => MERGE_KEY
    };
    var isMergeKey = (ctx, key) => (merge.identify(key) || identity.isScalar(key) && (!key.type || key.type === Scalar.Scalar.PLAIN) && merge.identify(key.value)) && ctx?.doc.schema.tags.some((tag) => tag.tag === merge.tag && tag.default);
    function addMergeToJSMap(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (identity.isSeq(source))
        for (const it of source.items)
          mergeValue(ctx, map, it);
      else if (Array.isArray(source))
        for (const it of source)
          mergeValue(ctx, map, it);
      else
        mergeValue(ctx, map, source);
    }
    function mergeValue(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (!identity.isMap(source))
        throw new Error("Merge sources must be maps or map aliases");
      const srcMap = source.toJSON(null, ctx, Map);
      for (const [key, value2] of srcMap) {
        if (map instanceof Map) {
          if (!map.has(key))
            map.set(key, value2);
        } else if (map instanceof Set) {
          map.add(key);
        } else if (!Object.prototype.hasOwnProperty.call(map, key)) {
          Object.defineProperty(map, key, {
            value: value2,
            writable: true,
            enumerable: true,
            configurable: true
          });
        }
      }
      return map;
    }
    function resolveAliasValue(ctx, value) {
      return ctx && identity.isAlias(value) ? value.resolve(ctx.doc, ctx) : value;
    }
    exports2.addMergeToJSMap = addMergeToJSMap;
    exports2.isMergeKey = isMergeKey;
    exports2.merge = merge;
  }
});

// node_modules/yaml/dist/nodes/addPairToJSMap.js
var require_addPairToJSMap = __commonJS({
  "node_modules/yaml/dist/nodes/addPairToJSMap.js"(exports2) {
    "use strict";
    var log = require_log();
    var merge = require_merge();
    var stringify = require_stringify();
    var identity = require_identity();
    var toJS = require_toJS();
    function addPairToJSMap(ctx, map, { key, value }) {
      if (identity.isNode(key) && key.addToJSMap)
        key.addToJSMap(ctx, map, value);
      else if (merge.isMergeKey(ctx, key))
        merge.addMergeToJSMap(ctx, map, value);
      else {
        const jsKey = toJS.toJS(key, "", ctx);
        if (map instanceof Map) {
          map.set(jsKey, toJS.toJS(value, jsKey, ctx));
        } else if (map instanceof Set) {
          map.add(jsKey);
        } else {
          const stringKey = stringifyKey(key, jsKey, ctx);
          const jsValue = toJS.toJS(value, stringKey, ctx);
          if (stringKey in map)
            Object.defineProperty(map, stringKey, {
              value: jsValue,
              writable: true,
              enumerable: true,
              configurable: true
            });
          else
            map[stringKey] = jsValue;
        }
      }
      return map;
    }
    function stringifyKey(key, jsKey, ctx) {
      if (jsKey === null)
        return "";
      if (typeof jsKey !== "object")
        return String(jsKey);
      if (identity.isNode(key) && ctx?.doc) {
        const strCtx = stringify.createStringifyContext(ctx.doc, {});
        strCtx.anchors = /* @__PURE__ */ new Set();
        for (const node of ctx.anchors.keys())
          strCtx.anchors.add(node.anchor);
        strCtx.inFlow = true;
        strCtx.inStringifyKey = true;
        const strKey = key.toString(strCtx);
        if (!ctx.mapKeyWarned) {
          let jsonStr = JSON.stringify(strKey);
          if (jsonStr.length > 40)
            jsonStr = jsonStr.substring(0, 36) + '..."';
          log.warn(ctx.doc.options.logLevel, `Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`);
          ctx.mapKeyWarned = true;
        }
        return strKey;
      }
      return JSON.stringify(jsKey);
    }
    exports2.addPairToJSMap = addPairToJSMap;
  }
});

// node_modules/yaml/dist/nodes/Pair.js
var require_Pair = __commonJS({
  "node_modules/yaml/dist/nodes/Pair.js"(exports2) {
    "use strict";
    var createNode = require_createNode();
    var stringifyPair = require_stringifyPair();
    var addPairToJSMap = require_addPairToJSMap();
    var identity = require_identity();
    function createPair(key, value, ctx) {
      const k = createNode.createNode(key, void 0, ctx);
      const v = createNode.createNode(value, void 0, ctx);
      return new Pair(k, v);
    }
    var Pair = class _Pair {
      constructor(key, value = null) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.PAIR });
        this.key = key;
        this.value = value;
      }
      clone(schema) {
        let { key, value } = this;
        if (identity.isNode(key))
          key = key.clone(schema);
        if (identity.isNode(value))
          value = value.clone(schema);
        return new _Pair(key, value);
      }
      toJSON(_, ctx) {
        const pair = ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        return addPairToJSMap.addPairToJSMap(ctx, pair, this);
      }
      toString(ctx, onComment, onChompKeep) {
        return ctx?.doc ? stringifyPair.stringifyPair(this, ctx, onComment, onChompKeep) : JSON.stringify(this);
      }
    };
    exports2.Pair = Pair;
    exports2.createPair = createPair;
  }
});

// node_modules/yaml/dist/stringify/stringifyCollection.js
var require_stringifyCollection = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyCollection.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyCollection(collection, ctx, options2) {
      const flow = ctx.inFlow ?? collection.flow;
      const stringify2 = flow ? stringifyFlowCollection : stringifyBlockCollection;
      return stringify2(collection, ctx, options2);
    }
    function stringifyBlockCollection({ comment, items }, ctx, { blockItemPrefix, flowChars, itemIndent, onChompKeep, onComment }) {
      const { indent, options: { commentString } } = ctx;
      const itemCtx = Object.assign({}, ctx, { indent: itemIndent, type: null });
      let chompKeep = false;
      const lines = [];
      for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment2 = null;
        if (identity.isNode(item)) {
          if (!chompKeep && item.spaceBefore)
            lines.push("");
          addCommentBefore(ctx, lines, item.commentBefore, chompKeep);
          if (item.comment)
            comment2 = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (!chompKeep && ik.spaceBefore)
              lines.push("");
            addCommentBefore(ctx, lines, ik.commentBefore, chompKeep);
          }
        }
        chompKeep = false;
        let str2 = stringify.stringify(item, itemCtx, () => comment2 = null, () => chompKeep = true);
        if (comment2)
          str2 += stringifyComment.lineComment(str2, itemIndent, commentString(comment2));
        if (chompKeep && comment2)
          chompKeep = false;
        lines.push(blockItemPrefix + str2);
      }
      let str;
      if (lines.length === 0) {
        str = flowChars.start + flowChars.end;
      } else {
        str = lines[0];
        for (let i = 1; i < lines.length; ++i) {
          const line = lines[i];
          str += line ? `
${indent}${line}` : "\n";
        }
      }
      if (comment) {
        str += "\n" + stringifyComment.indentComment(commentString(comment), indent);
        if (onComment)
          onComment();
      } else if (chompKeep && onChompKeep)
        onChompKeep();
      return str;
    }
    function stringifyFlowCollection({ items }, ctx, { flowChars, itemIndent }) {
      const { indent, indentStep, flowCollectionPadding: fcPadding, options: { commentString } } = ctx;
      itemIndent += indentStep;
      const itemCtx = Object.assign({}, ctx, {
        indent: itemIndent,
        inFlow: true,
        type: null
      });
      let reqNewline = false;
      let linesAtValue = 0;
      const lines = [];
      for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment = null;
        if (identity.isNode(item)) {
          if (item.spaceBefore)
            lines.push("");
          addCommentBefore(ctx, lines, item.commentBefore, false);
          if (item.comment)
            comment = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (ik.spaceBefore)
              lines.push("");
            addCommentBefore(ctx, lines, ik.commentBefore, false);
            if (ik.comment)
              reqNewline = true;
          }
          const iv = identity.isNode(item.value) ? item.value : null;
          if (iv) {
            if (iv.comment)
              comment = iv.comment;
            if (iv.commentBefore)
              reqNewline = true;
          } else if (item.value == null && ik?.comment) {
            comment = ik.comment;
          }
        }
        if (comment)
          reqNewline = true;
        let str = stringify.stringify(item, itemCtx, () => comment = null);
        reqNewline || (reqNewline = lines.length > linesAtValue || str.includes("\n"));
        if (i < items.length - 1) {
          str += ",";
        } else if (ctx.options.trailingComma) {
          if (ctx.options.lineWidth > 0) {
            reqNewline || (reqNewline = lines.reduce((sum, line) => sum + line.length + 2, 2) + (str.length + 2) > ctx.options.lineWidth);
          }
          if (reqNewline) {
            str += ",";
          }
        }
        if (comment)
          str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
        lines.push(str);
        linesAtValue = lines.length;
      }
      const { start: start2, end } = flowChars;
      if (lines.length === 0) {
        return start2 + end;
      } else {
        if (!reqNewline) {
          const len = lines.reduce((sum, line) => sum + line.length + 2, 2);
          reqNewline = ctx.options.lineWidth > 0 && len > ctx.options.lineWidth;
        }
        if (reqNewline) {
          let str = start2;
          for (const line of lines)
            str += line ? `
${indentStep}${indent}${line}` : "\n";
          return `${str}
${indent}${end}`;
        } else {
          return `${start2}${fcPadding}${lines.join(" ")}${fcPadding}${end}`;
        }
      }
    }
    function addCommentBefore({ indent, options: { commentString } }, lines, comment, chompKeep) {
      if (comment && chompKeep)
        comment = comment.replace(/^\n+/, "");
      if (comment) {
        const ic = stringifyComment.indentComment(commentString(comment), indent);
        lines.push(ic.trimStart());
      }
    }
    exports2.stringifyCollection = stringifyCollection;
  }
});

// node_modules/yaml/dist/nodes/YAMLMap.js
var require_YAMLMap = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLMap.js"(exports2) {
    "use strict";
    var stringifyCollection = require_stringifyCollection();
    var addPairToJSMap = require_addPairToJSMap();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    function findPair(items, key) {
      const k = identity.isScalar(key) ? key.value : key;
      for (const it of items) {
        if (identity.isPair(it)) {
          if (it.key === key || it.key === k)
            return it;
          if (identity.isScalar(it.key) && it.key.value === k)
            return it;
        }
      }
      return void 0;
    }
    var YAMLMap = class extends Collection.Collection {
      static get tagName() {
        return "tag:yaml.org,2002:map";
      }
      constructor(schema) {
        super(identity.MAP, schema);
        this.items = [];
      }
      /**
       * A generic collection parsing method that can be extended
       * to other node classes that inherit from YAMLMap
       */
      static from(schema, obj, ctx) {
        const { keepUndefined, replacer } = ctx;
        const map = new this(schema);
        const add = (key, value) => {
          if (typeof replacer === "function")
            value = replacer.call(obj, key, value);
          else if (Array.isArray(replacer) && !replacer.includes(key))
            return;
          if (value !== void 0 || keepUndefined)
            map.items.push(Pair.createPair(key, value, ctx));
        };
        if (obj instanceof Map) {
          for (const [key, value] of obj)
            add(key, value);
        } else if (obj && typeof obj === "object") {
          for (const key of Object.keys(obj))
            add(key, obj[key]);
        }
        if (typeof schema.sortMapEntries === "function") {
          map.items.sort(schema.sortMapEntries);
        }
        return map;
      }
      /**
       * Adds a value to the collection.
       *
       * @param overwrite - If not set `true`, using a key that is already in the
       *   collection will throw. Otherwise, overwrites the previous value.
       */
      add(pair, overwrite) {
        let _pair;
        if (identity.isPair(pair))
          _pair = pair;
        else if (!pair || typeof pair !== "object" || !("key" in pair)) {
          _pair = new Pair.Pair(pair, pair?.value);
        } else
          _pair = new Pair.Pair(pair.key, pair.value);
        const prev = findPair(this.items, _pair.key);
        const sortEntries = this.schema?.sortMapEntries;
        if (prev) {
          if (!overwrite)
            throw new Error(`Key ${_pair.key} already set`);
          if (identity.isScalar(prev.value) && Scalar.isScalarValue(_pair.value))
            prev.value.value = _pair.value;
          else
            prev.value = _pair.value;
        } else if (sortEntries) {
          const i = this.items.findIndex((item) => sortEntries(_pair, item) < 0);
          if (i === -1)
            this.items.push(_pair);
          else
            this.items.splice(i, 0, _pair);
        } else {
          this.items.push(_pair);
        }
      }
      delete(key) {
        const it = findPair(this.items, key);
        if (!it)
          return false;
        const del = this.items.splice(this.items.indexOf(it), 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const it = findPair(this.items, key);
        const node = it?.value;
        return (!keepScalar && identity.isScalar(node) ? node.value : node) ?? void 0;
      }
      has(key) {
        return !!findPair(this.items, key);
      }
      set(key, value) {
        this.add(new Pair.Pair(key, value), true);
      }
      /**
       * @param ctx - Conversion context, originally set in Document#toJS()
       * @param {Class} Type - If set, forces the returned collection type
       * @returns Instance of Type, Map, or Object
       */
      toJSON(_, ctx, Type) {
        const map = Type ? new Type() : ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const item of this.items)
          addPairToJSMap.addPairToJSMap(ctx, map, item);
        return map;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        for (const item of this.items) {
          if (!identity.isPair(item))
            throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);
        }
        if (!ctx.allNullValues && this.hasAllNullValues(false))
          ctx = Object.assign({}, ctx, { allNullValues: true });
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "",
          flowChars: { start: "{", end: "}" },
          itemIndent: ctx.indent || "",
          onChompKeep,
          onComment
        });
      }
    };
    exports2.YAMLMap = YAMLMap;
    exports2.findPair = findPair;
  }
});

// node_modules/yaml/dist/schema/common/map.js
var require_map = __commonJS({
  "node_modules/yaml/dist/schema/common/map.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var YAMLMap = require_YAMLMap();
    var map = {
      collection: "map",
      default: true,
      nodeClass: YAMLMap.YAMLMap,
      tag: "tag:yaml.org,2002:map",
      resolve(map2, onError) {
        if (!identity.isMap(map2))
          onError("Expected a mapping for this tag");
        return map2;
      },
      createNode: (schema, obj, ctx) => YAMLMap.YAMLMap.from(schema, obj, ctx)
    };
    exports2.map = map;
  }
});

// node_modules/yaml/dist/nodes/YAMLSeq.js
var require_YAMLSeq = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLSeq.js"(exports2) {
    "use strict";
    var createNode = require_createNode();
    var stringifyCollection = require_stringifyCollection();
    var Collection = require_Collection();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var toJS = require_toJS();
    var YAMLSeq = class extends Collection.Collection {
      static get tagName() {
        return "tag:yaml.org,2002:seq";
      }
      constructor(schema) {
        super(identity.SEQ, schema);
        this.items = [];
      }
      add(value) {
        this.items.push(value);
      }
      /**
       * Removes a value from the collection.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       *
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return false;
        const del = this.items.splice(idx, 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return void 0;
        const it = this.items[idx];
        return !keepScalar && identity.isScalar(it) ? it.value : it;
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       */
      has(key) {
        const idx = asItemIndex(key);
        return typeof idx === "number" && idx < this.items.length;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       *
       * If `key` does not contain a representation of an integer, this will throw.
       * It may be wrapped in a `Scalar`.
       */
      set(key, value) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          throw new Error(`Expected a valid index, not ${key}.`);
        const prev = this.items[idx];
        if (identity.isScalar(prev) && Scalar.isScalarValue(value))
          prev.value = value;
        else
          this.items[idx] = value;
      }
      toJSON(_, ctx) {
        const seq = [];
        if (ctx?.onCreate)
          ctx.onCreate(seq);
        let i = 0;
        for (const item of this.items)
          seq.push(toJS.toJS(item, String(i++), ctx));
        return seq;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "- ",
          flowChars: { start: "[", end: "]" },
          itemIndent: (ctx.indent || "") + "  ",
          onChompKeep,
          onComment
        });
      }
      static from(schema, obj, ctx) {
        const { replacer } = ctx;
        const seq = new this(schema);
        if (obj && Symbol.iterator in Object(obj)) {
          let i = 0;
          for (let it of obj) {
            if (typeof replacer === "function") {
              const key = obj instanceof Set ? it : String(i++);
              it = replacer.call(obj, key, it);
            }
            seq.items.push(createNode.createNode(it, void 0, ctx));
          }
        }
        return seq;
      }
    };
    function asItemIndex(key) {
      let idx = identity.isScalar(key) ? key.value : key;
      if (idx && typeof idx === "string")
        idx = Number(idx);
      return typeof idx === "number" && Number.isInteger(idx) && idx >= 0 ? idx : null;
    }
    exports2.YAMLSeq = YAMLSeq;
  }
});

// node_modules/yaml/dist/schema/common/seq.js
var require_seq = __commonJS({
  "node_modules/yaml/dist/schema/common/seq.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var YAMLSeq = require_YAMLSeq();
    var seq = {
      collection: "seq",
      default: true,
      nodeClass: YAMLSeq.YAMLSeq,
      tag: "tag:yaml.org,2002:seq",
      resolve(seq2, onError) {
        if (!identity.isSeq(seq2))
          onError("Expected a sequence for this tag");
        return seq2;
      },
      createNode: (schema, obj, ctx) => YAMLSeq.YAMLSeq.from(schema, obj, ctx)
    };
    exports2.seq = seq;
  }
});

// node_modules/yaml/dist/schema/common/string.js
var require_string = __commonJS({
  "node_modules/yaml/dist/schema/common/string.js"(exports2) {
    "use strict";
    var stringifyString = require_stringifyString();
    var string = {
      identify: (value) => typeof value === "string",
      default: true,
      tag: "tag:yaml.org,2002:str",
      resolve: (str) => str,
      stringify(item, ctx, onComment, onChompKeep) {
        ctx = Object.assign({ actualString: true }, ctx);
        return stringifyString.stringifyString(item, ctx, onComment, onChompKeep);
      }
    };
    exports2.string = string;
  }
});

// node_modules/yaml/dist/schema/common/null.js
var require_null = __commonJS({
  "node_modules/yaml/dist/schema/common/null.js"(exports2) {
    "use strict";
    var Scalar = require_Scalar();
    var nullTag = {
      identify: (value) => value == null,
      createNode: () => new Scalar.Scalar(null),
      default: true,
      tag: "tag:yaml.org,2002:null",
      test: /^(?:~|[Nn]ull|NULL)?$/,
      resolve: () => new Scalar.Scalar(null),
      stringify: ({ source }, ctx) => typeof source === "string" && nullTag.test.test(source) ? source : ctx.options.nullStr
    };
    exports2.nullTag = nullTag;
  }
});

// node_modules/yaml/dist/schema/core/bool.js
var require_bool = __commonJS({
  "node_modules/yaml/dist/schema/core/bool.js"(exports2) {
    "use strict";
    var Scalar = require_Scalar();
    var boolTag = {
      identify: (value) => typeof value === "boolean",
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
      resolve: (str) => new Scalar.Scalar(str[0] === "t" || str[0] === "T"),
      stringify({ source, value }, ctx) {
        if (source && boolTag.test.test(source)) {
          const sv = source[0] === "t" || source[0] === "T";
          if (value === sv)
            return source;
        }
        return value ? ctx.options.trueStr : ctx.options.falseStr;
      }
    };
    exports2.boolTag = boolTag;
  }
});

// node_modules/yaml/dist/stringify/stringifyNumber.js
var require_stringifyNumber = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyNumber.js"(exports2) {
    "use strict";
    function stringifyNumber({ format, minFractionDigits, tag, value }) {
      if (typeof value === "bigint")
        return String(value);
      const num = typeof value === "number" ? value : Number(value);
      if (!isFinite(num))
        return isNaN(num) ? ".nan" : num < 0 ? "-.inf" : ".inf";
      let n = Object.is(value, -0) ? "-0" : JSON.stringify(value);
      if (!format && minFractionDigits && (!tag || tag === "tag:yaml.org,2002:float") && /^-?\d/.test(n) && !n.includes("e")) {
        let i = n.indexOf(".");
        if (i < 0) {
          i = n.length;
          n += ".";
        }
        let d = minFractionDigits - (n.length - i - 1);
        while (d-- > 0)
          n += "0";
      }
      return n;
    }
    exports2.stringifyNumber = stringifyNumber;
  }
});

// node_modules/yaml/dist/schema/core/float.js
var require_float = __commonJS({
  "node_modules/yaml/dist/schema/core/float.js"(exports2) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str));
        const dot = str.indexOf(".");
        if (dot !== -1 && str[str.length - 1] === "0")
          node.minFractionDigits = str.length - dot - 1;
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports2.float = float;
    exports2.floatExp = floatExp;
    exports2.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/core/int.js
var require_int = __commonJS({
  "node_modules/yaml/dist/schema/core/int.js"(exports2) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    var intResolve = (str, offset, radix, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str.substring(offset), radix);
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value) && value >= 0)
        return prefix + value.toString(radix);
      return stringifyNumber.stringifyNumber(node);
    }
    var intOct = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^0o[0-7]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 8, opt),
      stringify: (node) => intStringify(node, 8, "0o")
    };
    var int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^0x[0-9a-fA-F]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
    exports2.int = int;
    exports2.intHex = intHex;
    exports2.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/core/schema.js
var require_schema = __commonJS({
  "node_modules/yaml/dist/schema/core/schema.js"(exports2) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var bool = require_bool();
    var float = require_float();
    var int = require_int();
    var schema = [
      map.map,
      seq.seq,
      string.string,
      _null.nullTag,
      bool.boolTag,
      int.intOct,
      int.int,
      int.intHex,
      float.floatNaN,
      float.floatExp,
      float.float
    ];
    exports2.schema = schema;
  }
});

// node_modules/yaml/dist/schema/json/schema.js
var require_schema2 = __commonJS({
  "node_modules/yaml/dist/schema/json/schema.js"(exports2) {
    "use strict";
    var Scalar = require_Scalar();
    var map = require_map();
    var seq = require_seq();
    function intIdentify(value) {
      return typeof value === "bigint" || Number.isInteger(value);
    }
    var stringifyJSON = ({ value }) => JSON.stringify(value);
    var jsonScalars = [
      {
        identify: (value) => typeof value === "string",
        default: true,
        tag: "tag:yaml.org,2002:str",
        resolve: (str) => str,
        stringify: stringifyJSON
      },
      {
        identify: (value) => value == null,
        createNode: () => new Scalar.Scalar(null),
        default: true,
        tag: "tag:yaml.org,2002:null",
        test: /^null$/,
        resolve: () => null,
        stringify: stringifyJSON
      },
      {
        identify: (value) => typeof value === "boolean",
        default: true,
        tag: "tag:yaml.org,2002:bool",
        test: /^true$|^false$/,
        resolve: (str) => str === "true",
        stringify: stringifyJSON
      },
      {
        identify: intIdentify,
        default: true,
        tag: "tag:yaml.org,2002:int",
        test: /^-?(?:0|[1-9][0-9]*)$/,
        resolve: (str, _onError, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str, 10),
        stringify: ({ value }) => intIdentify(value) ? value.toString() : JSON.stringify(value)
      },
      {
        identify: (value) => typeof value === "number",
        default: true,
        tag: "tag:yaml.org,2002:float",
        test: /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,
        resolve: (str) => parseFloat(str),
        stringify: stringifyJSON
      }
    ];
    var jsonError = {
      default: true,
      tag: "",
      test: /^/,
      resolve(str, onError) {
        onError(`Unresolved plain scalar ${JSON.stringify(str)}`);
        return str;
      }
    };
    var schema = [map.map, seq.seq].concat(jsonScalars, jsonError);
    exports2.schema = schema;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/binary.js
var require_binary = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/binary.js"(exports2) {
    "use strict";
    var node_buffer = require("buffer");
    var Scalar = require_Scalar();
    var stringifyString = require_stringifyString();
    var binary = {
      identify: (value) => value instanceof Uint8Array,
      // Buffer inherits from Uint8Array
      default: false,
      tag: "tag:yaml.org,2002:binary",
      /**
       * Returns a Buffer in node and an Uint8Array in browsers
       *
       * To use the resulting buffer as an image, you'll want to do something like:
       *
       *   const blob = new Blob([buffer], { type: 'image/jpeg' })
       *   document.querySelector('#photo').src = URL.createObjectURL(blob)
       */
      resolve(src, onError) {
        if (typeof node_buffer.Buffer === "function") {
          return node_buffer.Buffer.from(src, "base64");
        } else if (typeof atob === "function") {
          const str = atob(src.replace(/[\n\r]/g, ""));
          const buffer = new Uint8Array(str.length);
          for (let i = 0; i < str.length; ++i)
            buffer[i] = str.charCodeAt(i);
          return buffer;
        } else {
          onError("This environment does not support reading binary tags; either Buffer or atob is required");
          return src;
        }
      },
      stringify({ comment, type, value }, ctx, onComment, onChompKeep) {
        if (!value)
          return "";
        const buf = value;
        let str;
        if (typeof node_buffer.Buffer === "function") {
          str = buf instanceof node_buffer.Buffer ? buf.toString("base64") : node_buffer.Buffer.from(buf.buffer).toString("base64");
        } else if (typeof btoa === "function") {
          let s = "";
          for (let i = 0; i < buf.length; ++i)
            s += String.fromCharCode(buf[i]);
          str = btoa(s);
        } else {
          throw new Error("This environment does not support writing binary tags; either Buffer or btoa is required");
        }
        type ?? (type = Scalar.Scalar.BLOCK_LITERAL);
        if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
          const lineWidth = Math.max(ctx.options.lineWidth - ctx.indent.length, ctx.options.minContentWidth);
          const n = Math.ceil(str.length / lineWidth);
          const lines = new Array(n);
          for (let i = 0, o = 0; i < n; ++i, o += lineWidth) {
            lines[i] = str.substr(o, lineWidth);
          }
          str = lines.join(type === Scalar.Scalar.BLOCK_LITERAL ? "\n" : " ");
        }
        return stringifyString.stringifyString({ comment, type, value: str }, ctx, onComment, onChompKeep);
      }
    };
    exports2.binary = binary;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/pairs.js
var require_pairs = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/pairs.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLSeq = require_YAMLSeq();
    function resolvePairs(seq, onError) {
      if (identity.isSeq(seq)) {
        for (let i = 0; i < seq.items.length; ++i) {
          let item = seq.items[i];
          if (identity.isPair(item))
            continue;
          else if (identity.isMap(item)) {
            if (item.items.length > 1)
              onError("Each pair must have its own sequence indicator");
            const pair = item.items[0] || new Pair.Pair(new Scalar.Scalar(null));
            if (item.commentBefore)
              pair.key.commentBefore = pair.key.commentBefore ? `${item.commentBefore}
${pair.key.commentBefore}` : item.commentBefore;
            if (item.comment) {
              const cn = pair.value ?? pair.key;
              cn.comment = cn.comment ? `${item.comment}
${cn.comment}` : item.comment;
            }
            item = pair;
          }
          seq.items[i] = identity.isPair(item) ? item : new Pair.Pair(item);
        }
      } else
        onError("Expected a sequence for this tag");
      return seq;
    }
    function createPairs(schema, iterable, ctx) {
      const { replacer } = ctx;
      const pairs2 = new YAMLSeq.YAMLSeq(schema);
      pairs2.tag = "tag:yaml.org,2002:pairs";
      let i = 0;
      if (iterable && Symbol.iterator in Object(iterable))
        for (let it of iterable) {
          if (typeof replacer === "function")
            it = replacer.call(iterable, String(i++), it);
          let key, value;
          if (Array.isArray(it)) {
            if (it.length === 2) {
              key = it[0];
              value = it[1];
            } else
              throw new TypeError(`Expected [key, value] tuple: ${it}`);
          } else if (it && it instanceof Object) {
            const keys2 = Object.keys(it);
            if (keys2.length === 1) {
              key = keys2[0];
              value = it[key];
            } else {
              throw new TypeError(`Expected tuple with one key, not ${keys2.length} keys`);
            }
          } else {
            key = it;
          }
          pairs2.items.push(Pair.createPair(key, value, ctx));
        }
      return pairs2;
    }
    var pairs = {
      collection: "seq",
      default: false,
      tag: "tag:yaml.org,2002:pairs",
      resolve: resolvePairs,
      createNode: createPairs
    };
    exports2.createPairs = createPairs;
    exports2.pairs = pairs;
    exports2.resolvePairs = resolvePairs;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/omap.js
var require_omap = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/omap.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var toJS = require_toJS();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var pairs = require_pairs();
    var YAMLOMap = class _YAMLOMap extends YAMLSeq.YAMLSeq {
      constructor() {
        super();
        this.add = YAMLMap.YAMLMap.prototype.add.bind(this);
        this.delete = YAMLMap.YAMLMap.prototype.delete.bind(this);
        this.get = YAMLMap.YAMLMap.prototype.get.bind(this);
        this.has = YAMLMap.YAMLMap.prototype.has.bind(this);
        this.set = YAMLMap.YAMLMap.prototype.set.bind(this);
        this.tag = _YAMLOMap.tag;
      }
      /**
       * If `ctx` is given, the return type is actually `Map<unknown, unknown>`,
       * but TypeScript won't allow widening the signature of a child method.
       */
      toJSON(_, ctx) {
        if (!ctx)
          return super.toJSON(_);
        const map = /* @__PURE__ */ new Map();
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const pair of this.items) {
          let key, value;
          if (identity.isPair(pair)) {
            key = toJS.toJS(pair.key, "", ctx);
            value = toJS.toJS(pair.value, key, ctx);
          } else {
            key = toJS.toJS(pair, "", ctx);
          }
          if (map.has(key))
            throw new Error("Ordered maps must not include duplicate keys");
          map.set(key, value);
        }
        return map;
      }
      static from(schema, iterable, ctx) {
        const pairs$1 = pairs.createPairs(schema, iterable, ctx);
        const omap2 = new this();
        omap2.items = pairs$1.items;
        return omap2;
      }
    };
    YAMLOMap.tag = "tag:yaml.org,2002:omap";
    var omap = {
      collection: "seq",
      identify: (value) => value instanceof Map,
      nodeClass: YAMLOMap,
      default: false,
      tag: "tag:yaml.org,2002:omap",
      resolve(seq, onError) {
        const pairs$1 = pairs.resolvePairs(seq, onError);
        const seenKeys = [];
        for (const { key } of pairs$1.items) {
          if (identity.isScalar(key)) {
            if (seenKeys.includes(key.value)) {
              onError(`Ordered maps must not include duplicate keys: ${key.value}`);
            } else {
              seenKeys.push(key.value);
            }
          }
        }
        return Object.assign(new YAMLOMap(), pairs$1);
      },
      createNode: (schema, iterable, ctx) => YAMLOMap.from(schema, iterable, ctx)
    };
    exports2.YAMLOMap = YAMLOMap;
    exports2.omap = omap;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/bool.js
var require_bool2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/bool.js"(exports2) {
    "use strict";
    var Scalar = require_Scalar();
    function boolStringify({ value, source }, ctx) {
      const boolObj = value ? trueTag : falseTag;
      if (source && boolObj.test.test(source))
        return source;
      return value ? ctx.options.trueStr : ctx.options.falseStr;
    }
    var trueTag = {
      identify: (value) => value === true,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
      resolve: () => new Scalar.Scalar(true),
      stringify: boolStringify
    };
    var falseTag = {
      identify: (value) => value === false,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
      resolve: () => new Scalar.Scalar(false),
      stringify: boolStringify
    };
    exports2.falseTag = falseTag;
    exports2.trueTag = trueTag;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/float.js
var require_float2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/float.js"(exports2) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str.replace(/_/g, "")),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str.replace(/_/g, "")));
        const dot = str.indexOf(".");
        if (dot !== -1) {
          const f = str.substring(dot + 1).replace(/_/g, "");
          if (f[f.length - 1] === "0")
            node.minFractionDigits = f.length;
        }
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports2.float = float;
    exports2.floatExp = floatExp;
    exports2.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/int.js
var require_int2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/int.js"(exports2) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    function intResolve(str, offset, radix, { intAsBigInt }) {
      const sign = str[0];
      if (sign === "-" || sign === "+")
        offset += 1;
      str = str.substring(offset).replace(/_/g, "");
      if (intAsBigInt) {
        switch (radix) {
          case 2:
            str = `0b${str}`;
            break;
          case 8:
            str = `0o${str}`;
            break;
          case 16:
            str = `0x${str}`;
            break;
        }
        const n2 = BigInt(str);
        return sign === "-" ? BigInt(-1) * n2 : n2;
      }
      const n = parseInt(str, radix);
      return sign === "-" ? -1 * n : n;
    }
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value)) {
        const str = value.toString(radix);
        return value < 0 ? "-" + prefix + str.substr(1) : prefix + str;
      }
      return stringifyNumber.stringifyNumber(node);
    }
    var intBin = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "BIN",
      test: /^[-+]?0b[0-1_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 2, opt),
      stringify: (node) => intStringify(node, 2, "0b")
    };
    var intOct = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^[-+]?0[0-7_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 1, 8, opt),
      stringify: (node) => intStringify(node, 8, "0")
    };
    var int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9][0-9_]*$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^[-+]?0x[0-9a-fA-F_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
    exports2.int = int;
    exports2.intBin = intBin;
    exports2.intHex = intHex;
    exports2.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/set.js
var require_set = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/set.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSet = class _YAMLSet extends YAMLMap.YAMLMap {
      constructor(schema) {
        super(schema);
        this.tag = _YAMLSet.tag;
      }
      add(key) {
        let pair;
        if (identity.isPair(key))
          pair = key;
        else if (key && typeof key === "object" && "key" in key && "value" in key && key.value === null)
          pair = new Pair.Pair(key.key, null);
        else
          pair = new Pair.Pair(key, null);
        const prev = YAMLMap.findPair(this.items, pair.key);
        if (!prev)
          this.items.push(pair);
      }
      /**
       * If `keepPair` is `true`, returns the Pair matching `key`.
       * Otherwise, returns the value of that Pair's key.
       */
      get(key, keepPair) {
        const pair = YAMLMap.findPair(this.items, key);
        return !keepPair && identity.isPair(pair) ? identity.isScalar(pair.key) ? pair.key.value : pair.key : pair;
      }
      set(key, value) {
        if (typeof value !== "boolean")
          throw new Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);
        const prev = YAMLMap.findPair(this.items, key);
        if (prev && !value) {
          this.items.splice(this.items.indexOf(prev), 1);
        } else if (!prev && value) {
          this.items.push(new Pair.Pair(key));
        }
      }
      toJSON(_, ctx) {
        return super.toJSON(_, ctx, Set);
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        if (this.hasAllNullValues(true))
          return super.toString(Object.assign({}, ctx, { allNullValues: true }), onComment, onChompKeep);
        else
          throw new Error("Set items must all have null values");
      }
      static from(schema, iterable, ctx) {
        const { replacer } = ctx;
        const set2 = new this(schema);
        if (iterable && Symbol.iterator in Object(iterable))
          for (let value of iterable) {
            if (typeof replacer === "function")
              value = replacer.call(iterable, value, value);
            set2.items.push(Pair.createPair(value, null, ctx));
          }
        return set2;
      }
    };
    YAMLSet.tag = "tag:yaml.org,2002:set";
    var set = {
      collection: "map",
      identify: (value) => value instanceof Set,
      nodeClass: YAMLSet,
      default: false,
      tag: "tag:yaml.org,2002:set",
      createNode: (schema, iterable, ctx) => YAMLSet.from(schema, iterable, ctx),
      resolve(map, onError) {
        if (identity.isMap(map)) {
          if (map.hasAllNullValues(true))
            return Object.assign(new YAMLSet(), map);
          else
            onError("Set items must all have null values");
        } else
          onError("Expected a mapping for this tag");
        return map;
      }
    };
    exports2.YAMLSet = YAMLSet;
    exports2.set = set;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/timestamp.js
var require_timestamp = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/timestamp.js"(exports2) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    function parseSexagesimal(str, asBigInt) {
      const sign = str[0];
      const parts = sign === "-" || sign === "+" ? str.substring(1) : str;
      const num = (n) => asBigInt ? BigInt(n) : Number(n);
      const res2 = parts.replace(/_/g, "").split(":").reduce((res3, p) => res3 * num(60) + num(p), num(0));
      return sign === "-" ? num(-1) * res2 : res2;
    }
    function stringifySexagesimal(node) {
      let { value } = node;
      let num = (n) => n;
      if (typeof value === "bigint")
        num = (n) => BigInt(n);
      else if (isNaN(value) || !isFinite(value))
        return stringifyNumber.stringifyNumber(node);
      let sign = "";
      if (value < 0) {
        sign = "-";
        value *= num(-1);
      }
      const _60 = num(60);
      const parts = [value % _60];
      if (value < 60) {
        parts.unshift(0);
      } else {
        value = (value - parts[0]) / _60;
        parts.unshift(value % _60);
        if (value >= 60) {
          value = (value - parts[0]) / _60;
          parts.unshift(value);
        }
      }
      return sign + parts.map((n) => String(n).padStart(2, "0")).join(":").replace(/000000\d*$/, "");
    }
    var intTime = {
      identify: (value) => typeof value === "bigint" || Number.isInteger(value),
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,
      resolve: (str, _onError, { intAsBigInt }) => parseSexagesimal(str, intAsBigInt),
      stringify: stringifySexagesimal
    };
    var floatTime = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
      resolve: (str) => parseSexagesimal(str, false),
      stringify: stringifySexagesimal
    };
    var timestamp = {
      identify: (value) => value instanceof Date,
      default: true,
      tag: "tag:yaml.org,2002:timestamp",
      // If the time zone is omitted, the timestamp is assumed to be specified in UTC. The time part
      // may be omitted altogether, resulting in a date format. In such a case, the time part is
      // assumed to be 00:00:00Z (start of day, UTC).
      test: RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),
      resolve(str) {
        const match = str.match(timestamp.test);
        if (!match)
          throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");
        const [, year, month, day, hour, minute, second] = match.map(Number);
        const millisec = match[7] ? Number((match[7] + "00").substr(1, 3)) : 0;
        let date = Date.UTC(year, month - 1, day, hour || 0, minute || 0, second || 0, millisec);
        const tz = match[8];
        if (tz && tz !== "Z") {
          let d = parseSexagesimal(tz, false);
          if (Math.abs(d) < 30)
            d *= 60;
          date -= 6e4 * d;
        }
        return new Date(date);
      },
      stringify: ({ value }) => value?.toISOString().replace(/(T00:00:00)?\.000Z$/, "") ?? ""
    };
    exports2.floatTime = floatTime;
    exports2.intTime = intTime;
    exports2.timestamp = timestamp;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/schema.js
var require_schema3 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/schema.js"(exports2) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var binary = require_binary();
    var bool = require_bool2();
    var float = require_float2();
    var int = require_int2();
    var merge = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var set = require_set();
    var timestamp = require_timestamp();
    var schema = [
      map.map,
      seq.seq,
      string.string,
      _null.nullTag,
      bool.trueTag,
      bool.falseTag,
      int.intBin,
      int.intOct,
      int.int,
      int.intHex,
      float.floatNaN,
      float.floatExp,
      float.float,
      binary.binary,
      merge.merge,
      omap.omap,
      pairs.pairs,
      set.set,
      timestamp.intTime,
      timestamp.floatTime,
      timestamp.timestamp
    ];
    exports2.schema = schema;
  }
});

// node_modules/yaml/dist/schema/tags.js
var require_tags = __commonJS({
  "node_modules/yaml/dist/schema/tags.js"(exports2) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var bool = require_bool();
    var float = require_float();
    var int = require_int();
    var schema = require_schema();
    var schema$1 = require_schema2();
    var binary = require_binary();
    var merge = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var schema$2 = require_schema3();
    var set = require_set();
    var timestamp = require_timestamp();
    var schemas = /* @__PURE__ */ new Map([
      ["core", schema.schema],
      ["failsafe", [map.map, seq.seq, string.string]],
      ["json", schema$1.schema],
      ["yaml11", schema$2.schema],
      ["yaml-1.1", schema$2.schema]
    ]);
    var tagsByName = {
      binary: binary.binary,
      bool: bool.boolTag,
      float: float.float,
      floatExp: float.floatExp,
      floatNaN: float.floatNaN,
      floatTime: timestamp.floatTime,
      int: int.int,
      intHex: int.intHex,
      intOct: int.intOct,
      intTime: timestamp.intTime,
      map: map.map,
      merge: merge.merge,
      null: _null.nullTag,
      omap: omap.omap,
      pairs: pairs.pairs,
      seq: seq.seq,
      set: set.set,
      timestamp: timestamp.timestamp
    };
    var coreKnownTags = {
      "tag:yaml.org,2002:binary": binary.binary,
      "tag:yaml.org,2002:merge": merge.merge,
      "tag:yaml.org,2002:omap": omap.omap,
      "tag:yaml.org,2002:pairs": pairs.pairs,
      "tag:yaml.org,2002:set": set.set,
      "tag:yaml.org,2002:timestamp": timestamp.timestamp
    };
    function getTags(customTags, schemaName, addMergeTag) {
      const schemaTags = schemas.get(schemaName);
      if (schemaTags && !customTags) {
        return addMergeTag && !schemaTags.includes(merge.merge) ? schemaTags.concat(merge.merge) : schemaTags.slice();
      }
      let tags = schemaTags;
      if (!tags) {
        if (Array.isArray(customTags))
          tags = [];
        else {
          const keys2 = Array.from(schemas.keys()).filter((key) => key !== "yaml11").map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown schema "${schemaName}"; use one of ${keys2} or define customTags array`);
        }
      }
      if (Array.isArray(customTags)) {
        for (const tag of customTags)
          tags = tags.concat(tag);
      } else if (typeof customTags === "function") {
        tags = customTags(tags.slice());
      }
      if (addMergeTag)
        tags = tags.concat(merge.merge);
      return tags.reduce((tags2, tag) => {
        const tagObj = typeof tag === "string" ? tagsByName[tag] : tag;
        if (!tagObj) {
          const tagName = JSON.stringify(tag);
          const keys2 = Object.keys(tagsByName).map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown custom tag ${tagName}; use one of ${keys2}`);
        }
        if (!tags2.includes(tagObj))
          tags2.push(tagObj);
        return tags2;
      }, []);
    }
    exports2.coreKnownTags = coreKnownTags;
    exports2.getTags = getTags;
  }
});

// node_modules/yaml/dist/schema/Schema.js
var require_Schema = __commonJS({
  "node_modules/yaml/dist/schema/Schema.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var map = require_map();
    var seq = require_seq();
    var string = require_string();
    var tags = require_tags();
    var sortMapEntriesByKey = (a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
    var Schema = class _Schema {
      constructor({ compat, customTags, merge, resolveKnownTags, schema, sortMapEntries, toStringDefaults }) {
        this.compat = Array.isArray(compat) ? tags.getTags(compat, "compat") : compat ? tags.getTags(null, compat) : null;
        this.name = typeof schema === "string" && schema || "core";
        this.knownTags = resolveKnownTags ? tags.coreKnownTags : {};
        this.tags = tags.getTags(customTags, this.name, merge);
        this.toStringOptions = toStringDefaults ?? null;
        Object.defineProperty(this, identity.MAP, { value: map.map });
        Object.defineProperty(this, identity.SCALAR, { value: string.string });
        Object.defineProperty(this, identity.SEQ, { value: seq.seq });
        this.sortMapEntries = typeof sortMapEntries === "function" ? sortMapEntries : sortMapEntries === true ? sortMapEntriesByKey : null;
      }
      clone() {
        const copy = Object.create(_Schema.prototype, Object.getOwnPropertyDescriptors(this));
        copy.tags = this.tags.slice();
        return copy;
      }
    };
    exports2.Schema = Schema;
  }
});

// node_modules/yaml/dist/stringify/stringifyDocument.js
var require_stringifyDocument = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyDocument.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyDocument(doc, options2) {
      const lines = [];
      let hasDirectives = options2.directives === true;
      if (options2.directives !== false && doc.directives) {
        const dir = doc.directives.toString(doc);
        if (dir) {
          lines.push(dir);
          hasDirectives = true;
        } else if (doc.directives.docStart)
          hasDirectives = true;
      }
      if (hasDirectives)
        lines.push("---");
      const ctx = stringify.createStringifyContext(doc, options2);
      const { commentString } = ctx.options;
      if (doc.commentBefore) {
        if (lines.length !== 1)
          lines.unshift("");
        const cs = commentString(doc.commentBefore);
        lines.unshift(stringifyComment.indentComment(cs, ""));
      }
      let chompKeep = false;
      let contentComment = null;
      if (doc.contents) {
        if (identity.isNode(doc.contents)) {
          if (doc.contents.spaceBefore && hasDirectives)
            lines.push("");
          if (doc.contents.commentBefore) {
            const cs = commentString(doc.contents.commentBefore);
            lines.push(stringifyComment.indentComment(cs, ""));
          }
          ctx.forceBlockIndent = !!doc.comment;
          contentComment = doc.contents.comment;
        }
        const onChompKeep = contentComment ? void 0 : () => chompKeep = true;
        let body = stringify.stringify(doc.contents, ctx, () => contentComment = null, onChompKeep);
        if (contentComment)
          body += stringifyComment.lineComment(body, "", commentString(contentComment));
        if ((body[0] === "|" || body[0] === ">") && lines[lines.length - 1] === "---") {
          lines[lines.length - 1] = `--- ${body}`;
        } else
          lines.push(body);
      } else {
        lines.push(stringify.stringify(doc.contents, ctx));
      }
      if (doc.directives?.docEnd) {
        if (doc.comment) {
          const cs = commentString(doc.comment);
          if (cs.includes("\n")) {
            lines.push("...");
            lines.push(stringifyComment.indentComment(cs, ""));
          } else {
            lines.push(`... ${cs}`);
          }
        } else {
          lines.push("...");
        }
      } else {
        let dc = doc.comment;
        if (dc && chompKeep)
          dc = dc.replace(/^\n+/, "");
        if (dc) {
          if ((!chompKeep || contentComment) && lines[lines.length - 1] !== "")
            lines.push("");
          lines.push(stringifyComment.indentComment(commentString(dc), ""));
        }
      }
      return lines.join("\n") + "\n";
    }
    exports2.stringifyDocument = stringifyDocument;
  }
});

// node_modules/yaml/dist/doc/Document.js
var require_Document = __commonJS({
  "node_modules/yaml/dist/doc/Document.js"(exports2) {
    "use strict";
    var Alias = require_Alias();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var toJS = require_toJS();
    var Schema = require_Schema();
    var stringifyDocument = require_stringifyDocument();
    var anchors = require_anchors();
    var applyReviver = require_applyReviver();
    var createNode = require_createNode();
    var directives = require_directives();
    var Document = class _Document {
      constructor(value, replacer, options2) {
        this.commentBefore = null;
        this.comment = null;
        this.errors = [];
        this.warnings = [];
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.DOC });
        let _replacer = null;
        if (typeof replacer === "function" || Array.isArray(replacer)) {
          _replacer = replacer;
        } else if (options2 === void 0 && replacer) {
          options2 = replacer;
          replacer = void 0;
        }
        const opt = Object.assign({
          intAsBigInt: false,
          keepSourceTokens: false,
          logLevel: "warn",
          prettyErrors: true,
          strict: true,
          stringKeys: false,
          uniqueKeys: true,
          version: "1.2"
        }, options2);
        this.options = opt;
        let { version } = opt;
        if (options2?._directives) {
          this.directives = options2._directives.atDocument();
          if (this.directives.yaml.explicit)
            version = this.directives.yaml.version;
        } else
          this.directives = new directives.Directives({ version });
        this.setSchema(version, options2);
        this.contents = value === void 0 ? null : this.createNode(value, _replacer, options2);
      }
      /**
       * Create a deep copy of this Document and its contents.
       *
       * Custom Node values that inherit from `Object` still refer to their original instances.
       */
      clone() {
        const copy = Object.create(_Document.prototype, {
          [identity.NODE_TYPE]: { value: identity.DOC }
        });
        copy.commentBefore = this.commentBefore;
        copy.comment = this.comment;
        copy.errors = this.errors.slice();
        copy.warnings = this.warnings.slice();
        copy.options = Object.assign({}, this.options);
        if (this.directives)
          copy.directives = this.directives.clone();
        copy.schema = this.schema.clone();
        copy.contents = identity.isNode(this.contents) ? this.contents.clone(copy.schema) : this.contents;
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** Adds a value to the document. */
      add(value) {
        if (assertCollection(this.contents))
          this.contents.add(value);
      }
      /** Adds a value to the document. */
      addIn(path, value) {
        if (assertCollection(this.contents))
          this.contents.addIn(path, value);
      }
      /**
       * Create a new `Alias` node, ensuring that the target `node` has the required anchor.
       *
       * If `node` already has an anchor, `name` is ignored.
       * Otherwise, the `node.anchor` value will be set to `name`,
       * or if an anchor with that name is already present in the document,
       * `name` will be used as a prefix for a new unique anchor.
       * If `name` is undefined, the generated anchor will use 'a' as a prefix.
       */
      createAlias(node, name) {
        if (!node.anchor) {
          const prev = anchors.anchorNames(this);
          node.anchor = // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          !name || prev.has(name) ? anchors.findNewAnchor(name || "a", prev) : name;
        }
        return new Alias.Alias(node.anchor);
      }
      createNode(value, replacer, options2) {
        let _replacer = void 0;
        if (typeof replacer === "function") {
          value = replacer.call({ "": value }, "", value);
          _replacer = replacer;
        } else if (Array.isArray(replacer)) {
          const keyToStr = (v) => typeof v === "number" || v instanceof String || v instanceof Number;
          const asStr = replacer.filter(keyToStr).map(String);
          if (asStr.length > 0)
            replacer = replacer.concat(asStr);
          _replacer = replacer;
        } else if (options2 === void 0 && replacer) {
          options2 = replacer;
          replacer = void 0;
        }
        const { aliasDuplicateObjects, anchorPrefix, flow, keepUndefined, onTagObj, tag } = options2 ?? {};
        const { onAnchor, setAnchors, sourceObjects } = anchors.createNodeAnchors(
          this,
          // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          anchorPrefix || "a"
        );
        const ctx = {
          aliasDuplicateObjects: aliasDuplicateObjects ?? true,
          keepUndefined: keepUndefined ?? false,
          onAnchor,
          onTagObj,
          replacer: _replacer,
          schema: this.schema,
          sourceObjects
        };
        const node = createNode.createNode(value, tag, ctx);
        if (flow && identity.isCollection(node))
          node.flow = true;
        setAnchors();
        return node;
      }
      /**
       * Convert a key and a value into a `Pair` using the current schema,
       * recursively wrapping all values as `Scalar` or `Collection` nodes.
       */
      createPair(key, value, options2 = {}) {
        const k = this.createNode(key, null, options2);
        const v = this.createNode(value, null, options2);
        return new Pair.Pair(k, v);
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        return assertCollection(this.contents) ? this.contents.delete(key) : false;
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        if (Collection.isEmptyPath(path)) {
          if (this.contents == null)
            return false;
          this.contents = null;
          return true;
        }
        return assertCollection(this.contents) ? this.contents.deleteIn(path) : false;
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      get(key, keepScalar) {
        return identity.isCollection(this.contents) ? this.contents.get(key, keepScalar) : void 0;
      }
      /**
       * Returns item at `path`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        if (Collection.isEmptyPath(path))
          return !keepScalar && identity.isScalar(this.contents) ? this.contents.value : this.contents;
        return identity.isCollection(this.contents) ? this.contents.getIn(path, keepScalar) : void 0;
      }
      /**
       * Checks if the document includes a value with the key `key`.
       */
      has(key) {
        return identity.isCollection(this.contents) ? this.contents.has(key) : false;
      }
      /**
       * Checks if the document includes a value at `path`.
       */
      hasIn(path) {
        if (Collection.isEmptyPath(path))
          return this.contents !== void 0;
        return identity.isCollection(this.contents) ? this.contents.hasIn(path) : false;
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      set(key, value) {
        if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, [key], value);
        } else if (assertCollection(this.contents)) {
          this.contents.set(key, value);
        }
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        if (Collection.isEmptyPath(path)) {
          this.contents = value;
        } else if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, Array.from(path), value);
        } else if (assertCollection(this.contents)) {
          this.contents.setIn(path, value);
        }
      }
      /**
       * Change the YAML version and schema used by the document.
       * A `null` version disables support for directives, explicit tags, anchors, and aliases.
       * It also requires the `schema` option to be given as a `Schema` instance value.
       *
       * Overrides all previously set schema options.
       */
      setSchema(version, options2 = {}) {
        if (typeof version === "number")
          version = String(version);
        let opt;
        switch (version) {
          case "1.1":
            if (this.directives)
              this.directives.yaml.version = "1.1";
            else
              this.directives = new directives.Directives({ version: "1.1" });
            opt = { resolveKnownTags: false, schema: "yaml-1.1" };
            break;
          case "1.2":
          case "next":
            if (this.directives)
              this.directives.yaml.version = version;
            else
              this.directives = new directives.Directives({ version });
            opt = { resolveKnownTags: true, schema: "core" };
            break;
          case null:
            if (this.directives)
              delete this.directives;
            opt = null;
            break;
          default: {
            const sv = JSON.stringify(version);
            throw new Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`);
          }
        }
        if (options2.schema instanceof Object)
          this.schema = options2.schema;
        else if (opt)
          this.schema = new Schema.Schema(Object.assign(opt, options2));
        else
          throw new Error(`With a null YAML version, the { schema: Schema } option is required`);
      }
      // json & jsonArg are only used from toJSON()
      toJS({ json, jsonArg, mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc: this,
          keep: !json,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res2 = toJS.toJS(this.contents, jsonArg ?? "", ctx);
        if (typeof onAnchor === "function")
          for (const { count, res: res3 } of ctx.anchors.values())
            onAnchor(res3, count);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res2 }, "", res2) : res2;
      }
      /**
       * A JSON representation of the document `contents`.
       *
       * @param jsonArg Used by `JSON.stringify` to indicate the array index or
       *   property name.
       */
      toJSON(jsonArg, onAnchor) {
        return this.toJS({ json: true, jsonArg, mapAsMap: false, onAnchor });
      }
      /** A YAML representation of the document. */
      toString(options2 = {}) {
        if (this.errors.length > 0)
          throw new Error("Document with errors cannot be stringified");
        if ("indent" in options2 && (!Number.isInteger(options2.indent) || Number(options2.indent) <= 0)) {
          const s = JSON.stringify(options2.indent);
          throw new Error(`"indent" option must be a positive integer, not ${s}`);
        }
        return stringifyDocument.stringifyDocument(this, options2);
      }
    };
    function assertCollection(contents) {
      if (identity.isCollection(contents))
        return true;
      throw new Error("Expected a YAML collection as document contents");
    }
    exports2.Document = Document;
  }
});

// node_modules/yaml/dist/errors.js
var require_errors = __commonJS({
  "node_modules/yaml/dist/errors.js"(exports2) {
    "use strict";
    var YAMLError = class extends Error {
      constructor(name, pos, code, message2) {
        super();
        this.name = name;
        this.code = code;
        this.message = message2;
        this.pos = pos;
      }
    };
    var YAMLParseError = class extends YAMLError {
      constructor(pos, code, message2) {
        super("YAMLParseError", pos, code, message2);
      }
    };
    var YAMLWarning = class extends YAMLError {
      constructor(pos, code, message2) {
        super("YAMLWarning", pos, code, message2);
      }
    };
    var prettifyError = (src, lc) => (error) => {
      if (error.pos[0] === -1)
        return;
      error.linePos = error.pos.map((pos) => lc.linePos(pos));
      const { line, col } = error.linePos[0];
      error.message += ` at line ${line}, column ${col}`;
      let ci = col - 1;
      let lineStr = src.substring(lc.lineStarts[line - 1], lc.lineStarts[line]).replace(/[\n\r]+$/, "");
      if (ci >= 60 && lineStr.length > 80) {
        const trimStart = Math.min(ci - 39, lineStr.length - 79);
        lineStr = "\u2026" + lineStr.substring(trimStart);
        ci -= trimStart - 1;
      }
      if (lineStr.length > 80)
        lineStr = lineStr.substring(0, 79) + "\u2026";
      if (line > 1 && /^ *$/.test(lineStr.substring(0, ci))) {
        let prev = src.substring(lc.lineStarts[line - 2], lc.lineStarts[line - 1]);
        if (prev.length > 80)
          prev = prev.substring(0, 79) + "\u2026\n";
        lineStr = prev + lineStr;
      }
      if (/[^ ]/.test(lineStr)) {
        let count = 1;
        const end = error.linePos[1];
        if (end?.line === line && end.col > col) {
          count = Math.max(1, Math.min(end.col - col, 80 - ci));
        }
        const pointer = " ".repeat(ci) + "^".repeat(count);
        error.message += `:

${lineStr}
${pointer}
`;
      }
    };
    exports2.YAMLError = YAMLError;
    exports2.YAMLParseError = YAMLParseError;
    exports2.YAMLWarning = YAMLWarning;
    exports2.prettifyError = prettifyError;
  }
});

// node_modules/yaml/dist/compose/resolve-props.js
var require_resolve_props = __commonJS({
  "node_modules/yaml/dist/compose/resolve-props.js"(exports2) {
    "use strict";
    function resolveProps(tokens, { flow, indicator, next, offset, onError, parentIndent, startOnNewline }) {
      let spaceBefore = false;
      let atNewline = startOnNewline;
      let hasSpace = startOnNewline;
      let comment = "";
      let commentSep = "";
      let hasNewline = false;
      let reqSpace = false;
      let tab = null;
      let anchor = null;
      let tag = null;
      let newlineAfterProp = null;
      let comma = null;
      let found = null;
      let start2 = null;
      for (const token of tokens) {
        if (reqSpace) {
          if (token.type !== "space" && token.type !== "newline" && token.type !== "comma")
            onError(token.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
          reqSpace = false;
        }
        if (tab) {
          if (atNewline && token.type !== "comment" && token.type !== "newline") {
            onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
          }
          tab = null;
        }
        switch (token.type) {
          case "space":
            if (!flow && (indicator !== "doc-start" || next?.type !== "flow-collection") && token.source.includes("	")) {
              tab = token;
            }
            hasSpace = true;
            break;
          case "comment": {
            if (!hasSpace)
              onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
            const cb = token.source.substring(1) || " ";
            if (!comment)
              comment = cb;
            else
              comment += commentSep + cb;
            commentSep = "";
            atNewline = false;
            break;
          }
          case "newline":
            if (atNewline) {
              if (comment)
                comment += token.source;
              else if (!found || indicator !== "seq-item-ind")
                spaceBefore = true;
            } else
              commentSep += token.source;
            atNewline = true;
            hasNewline = true;
            if (anchor || tag)
              newlineAfterProp = token;
            hasSpace = true;
            break;
          case "anchor":
            if (anchor)
              onError(token, "MULTIPLE_ANCHORS", "A node can have at most one anchor");
            if (token.source.endsWith(":"))
              onError(token.offset + token.source.length - 1, "BAD_ALIAS", "Anchor ending in : is ambiguous", true);
            anchor = token;
            start2 ?? (start2 = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          case "tag": {
            if (tag)
              onError(token, "MULTIPLE_TAGS", "A node can have at most one tag");
            tag = token;
            start2 ?? (start2 = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          }
          case indicator:
            if (anchor || tag)
              onError(token, "BAD_PROP_ORDER", `Anchors and tags must be after the ${token.source} indicator`);
            if (found)
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.source} in ${flow ?? "collection"}`);
            found = token;
            atNewline = indicator === "seq-item-ind" || indicator === "explicit-key-ind";
            hasSpace = false;
            break;
          case "comma":
            if (flow) {
              if (comma)
                onError(token, "UNEXPECTED_TOKEN", `Unexpected , in ${flow}`);
              comma = token;
              atNewline = false;
              hasSpace = false;
              break;
            }
          // else fallthrough
          default:
            onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.type} token`);
            atNewline = false;
            hasSpace = false;
        }
      }
      const last = tokens[tokens.length - 1];
      const end = last ? last.offset + last.source.length : offset;
      if (reqSpace && next && next.type !== "space" && next.type !== "newline" && next.type !== "comma" && (next.type !== "scalar" || next.source !== "")) {
        onError(next.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
      }
      if (tab && (atNewline && tab.indent <= parentIndent || next?.type === "block-map" || next?.type === "block-seq"))
        onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
      return {
        comma,
        found,
        spaceBefore,
        comment,
        hasNewline,
        anchor,
        tag,
        newlineAfterProp,
        end,
        start: start2 ?? end
      };
    }
    exports2.resolveProps = resolveProps;
  }
});

// node_modules/yaml/dist/compose/util-contains-newline.js
var require_util_contains_newline = __commonJS({
  "node_modules/yaml/dist/compose/util-contains-newline.js"(exports2) {
    "use strict";
    function containsNewline(key) {
      if (!key)
        return null;
      switch (key.type) {
        case "alias":
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          if (key.source.includes("\n"))
            return true;
          if (key.end) {
            for (const st of key.end)
              if (st.type === "newline")
                return true;
          }
          return false;
        case "flow-collection":
          for (const it of key.items) {
            for (const st of it.start)
              if (st.type === "newline")
                return true;
            if (it.sep) {
              for (const st of it.sep)
                if (st.type === "newline")
                  return true;
            }
            if (containsNewline(it.key) || containsNewline(it.value))
              return true;
          }
          return false;
        default:
          return true;
      }
    }
    exports2.containsNewline = containsNewline;
  }
});

// node_modules/yaml/dist/compose/util-flow-indent-check.js
var require_util_flow_indent_check = __commonJS({
  "node_modules/yaml/dist/compose/util-flow-indent-check.js"(exports2) {
    "use strict";
    var utilContainsNewline = require_util_contains_newline();
    function flowIndentCheck(indent, fc, onError) {
      if (fc?.type === "flow-collection") {
        const end = fc.end[0];
        if (end.indent === indent && (end.source === "]" || end.source === "}") && utilContainsNewline.containsNewline(fc)) {
          const msg = "Flow end indicator should be more indented than parent";
          onError(end, "BAD_INDENT", msg, true);
        }
      }
    }
    exports2.flowIndentCheck = flowIndentCheck;
  }
});

// node_modules/yaml/dist/compose/util-map-includes.js
var require_util_map_includes = __commonJS({
  "node_modules/yaml/dist/compose/util-map-includes.js"(exports2) {
    "use strict";
    var identity = require_identity();
    function mapIncludes(ctx, items, search) {
      const { uniqueKeys } = ctx.options;
      if (uniqueKeys === false)
        return false;
      const isEqual = typeof uniqueKeys === "function" ? uniqueKeys : (a, b) => a === b || identity.isScalar(a) && identity.isScalar(b) && a.value === b.value;
      return items.some((pair) => isEqual(pair.key, search));
    }
    exports2.mapIncludes = mapIncludes;
  }
});

// node_modules/yaml/dist/compose/resolve-block-map.js
var require_resolve_block_map = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-map.js"(exports2) {
    "use strict";
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    var utilMapIncludes = require_util_map_includes();
    var startColMsg = "All mapping items must start at the same column";
    function resolveBlockMap({ composeNode, composeEmptyNode }, ctx, bm, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLMap.YAMLMap;
      const map = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      let offset = bm.offset;
      let commentEnd = null;
      for (const collItem of bm.items) {
        const { start: start2, key, sep, value } = collItem;
        const keyProps = resolveProps.resolveProps(start2, {
          indicator: "explicit-key-ind",
          next: key ?? sep?.[0],
          offset,
          onError,
          parentIndent: bm.indent,
          startOnNewline: true
        });
        const implicitKey = !keyProps.found;
        if (implicitKey) {
          if (key) {
            if (key.type === "block-seq")
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "A block sequence may not be used as an implicit map key");
            else if ("indent" in key && key.indent !== bm.indent)
              onError(offset, "BAD_INDENT", startColMsg);
          }
          if (!keyProps.anchor && !keyProps.tag && !sep) {
            commentEnd = keyProps.end;
            if (keyProps.comment) {
              if (map.comment)
                map.comment += "\n" + keyProps.comment;
              else
                map.comment = keyProps.comment;
            }
            continue;
          }
          if (keyProps.newlineAfterProp || utilContainsNewline.containsNewline(key)) {
            onError(key ?? start2[start2.length - 1], "MULTILINE_IMPLICIT_KEY", "Implicit keys need to be on a single line");
          }
        } else if (keyProps.found?.indent !== bm.indent) {
          onError(offset, "BAD_INDENT", startColMsg);
        }
        ctx.atKey = true;
        const keyStart = keyProps.end;
        const keyNode = key ? composeNode(ctx, key, keyProps, onError) : composeEmptyNode(ctx, keyStart, start2, null, keyProps, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bm.indent, key, onError);
        ctx.atKey = false;
        if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
          onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
        const valueProps = resolveProps.resolveProps(sep ?? [], {
          indicator: "map-value-ind",
          next: value,
          offset: keyNode.range[2],
          onError,
          parentIndent: bm.indent,
          startOnNewline: !key || key.type === "block-scalar"
        });
        offset = valueProps.end;
        if (valueProps.found) {
          if (implicitKey) {
            if (value?.type === "block-map" && !valueProps.hasNewline)
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "Nested mappings are not allowed in compact mappings");
            if (ctx.options.strict && keyProps.start < valueProps.found.offset - 1024)
              onError(keyNode.range, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit block mapping key");
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : composeEmptyNode(ctx, offset, sep, null, valueProps, onError);
          if (ctx.schema.compat)
            utilFlowIndentCheck.flowIndentCheck(bm.indent, value, onError);
          offset = valueNode.range[2];
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        } else {
          if (implicitKey)
            onError(keyNode.range, "MISSING_CHAR", "Implicit map keys need to be followed by map values");
          if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        }
      }
      if (commentEnd && commentEnd < offset)
        onError(commentEnd, "IMPOSSIBLE", "Map comment with trailing content");
      map.range = [bm.offset, offset, commentEnd ?? offset];
      return map;
    }
    exports2.resolveBlockMap = resolveBlockMap;
  }
});

// node_modules/yaml/dist/compose/resolve-block-seq.js
var require_resolve_block_seq = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-seq.js"(exports2) {
    "use strict";
    var YAMLSeq = require_YAMLSeq();
    var resolveProps = require_resolve_props();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    function resolveBlockSeq({ composeNode, composeEmptyNode }, ctx, bs, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLSeq.YAMLSeq;
      const seq = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = bs.offset;
      let commentEnd = null;
      for (const { start: start2, value } of bs.items) {
        const props = resolveProps.resolveProps(start2, {
          indicator: "seq-item-ind",
          next: value,
          offset,
          onError,
          parentIndent: bs.indent,
          startOnNewline: true
        });
        if (!props.found) {
          if (props.anchor || props.tag || value) {
            if (value?.type === "block-seq")
              onError(props.end, "BAD_INDENT", "All sequence items must start at the same column");
            else
              onError(offset, "MISSING_CHAR", "Sequence item without - indicator");
          } else {
            commentEnd = props.end;
            if (props.comment)
              seq.comment = props.comment;
            continue;
          }
        }
        const node = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, start2, null, props, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bs.indent, value, onError);
        offset = node.range[2];
        seq.items.push(node);
      }
      seq.range = [bs.offset, offset, commentEnd ?? offset];
      return seq;
    }
    exports2.resolveBlockSeq = resolveBlockSeq;
  }
});

// node_modules/yaml/dist/compose/resolve-end.js
var require_resolve_end = __commonJS({
  "node_modules/yaml/dist/compose/resolve-end.js"(exports2) {
    "use strict";
    function resolveEnd(end, offset, reqSpace, onError) {
      let comment = "";
      if (end) {
        let hasSpace = false;
        let sep = "";
        for (const token of end) {
          const { source, type } = token;
          switch (type) {
            case "space":
              hasSpace = true;
              break;
            case "comment": {
              if (reqSpace && !hasSpace)
                onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
              const cb = source.substring(1) || " ";
              if (!comment)
                comment = cb;
              else
                comment += sep + cb;
              sep = "";
              break;
            }
            case "newline":
              if (comment)
                sep += source;
              hasSpace = true;
              break;
            default:
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${type} at node end`);
          }
          offset += source.length;
        }
      }
      return { comment, offset };
    }
    exports2.resolveEnd = resolveEnd;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-collection.js
var require_resolve_flow_collection = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-collection.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilMapIncludes = require_util_map_includes();
    var blockMsg = "Block collections are not allowed within flow collections";
    var isBlock = (token) => token && (token.type === "block-map" || token.type === "block-seq");
    function resolveFlowCollection({ composeNode, composeEmptyNode }, ctx, fc, onError, tag) {
      const isMap = fc.start.source === "{";
      const fcName = isMap ? "flow map" : "flow sequence";
      const NodeClass = tag?.nodeClass ?? (isMap ? YAMLMap.YAMLMap : YAMLSeq.YAMLSeq);
      const coll = new NodeClass(ctx.schema);
      coll.flow = true;
      const atRoot = ctx.atRoot;
      if (atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = fc.offset + fc.start.source.length;
      for (let i = 0; i < fc.items.length; ++i) {
        const collItem = fc.items[i];
        const { start: start2, key, sep, value } = collItem;
        const props = resolveProps.resolveProps(start2, {
          flow: fcName,
          indicator: "explicit-key-ind",
          next: key ?? sep?.[0],
          offset,
          onError,
          parentIndent: fc.indent,
          startOnNewline: false
        });
        if (!props.found) {
          if (!props.anchor && !props.tag && !sep && !value) {
            if (i === 0 && props.comma)
              onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
            else if (i < fc.items.length - 1)
              onError(props.start, "UNEXPECTED_TOKEN", `Unexpected empty item in ${fcName}`);
            if (props.comment) {
              if (coll.comment)
                coll.comment += "\n" + props.comment;
              else
                coll.comment = props.comment;
            }
            offset = props.end;
            continue;
          }
          if (!isMap && ctx.options.strict && utilContainsNewline.containsNewline(key))
            onError(
              key,
              // checked by containsNewline()
              "MULTILINE_IMPLICIT_KEY",
              "Implicit keys of flow sequence pairs need to be on a single line"
            );
        }
        if (i === 0) {
          if (props.comma)
            onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
        } else {
          if (!props.comma)
            onError(props.start, "MISSING_CHAR", `Missing , between ${fcName} items`);
          if (props.comment) {
            let prevItemComment = "";
            loop: for (const st of start2) {
              switch (st.type) {
                case "comma":
                case "space":
                  break;
                case "comment":
                  prevItemComment = st.source.substring(1);
                  break loop;
                default:
                  break loop;
              }
            }
            if (prevItemComment) {
              let prev = coll.items[coll.items.length - 1];
              if (identity.isPair(prev))
                prev = prev.value ?? prev.key;
              if (prev.comment)
                prev.comment += "\n" + prevItemComment;
              else
                prev.comment = prevItemComment;
              props.comment = props.comment.substring(prevItemComment.length + 1);
            }
          }
        }
        if (!isMap && !sep && !props.found) {
          const valueNode = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, sep, null, props, onError);
          coll.items.push(valueNode);
          offset = valueNode.range[2];
          if (isBlock(value))
            onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
        } else {
          ctx.atKey = true;
          const keyStart = props.end;
          const keyNode = key ? composeNode(ctx, key, props, onError) : composeEmptyNode(ctx, keyStart, start2, null, props, onError);
          if (isBlock(key))
            onError(keyNode.range, "BLOCK_IN_FLOW", blockMsg);
          ctx.atKey = false;
          const valueProps = resolveProps.resolveProps(sep ?? [], {
            flow: fcName,
            indicator: "map-value-ind",
            next: value,
            offset: keyNode.range[2],
            onError,
            parentIndent: fc.indent,
            startOnNewline: false
          });
          if (valueProps.found) {
            if (!isMap && !props.found && ctx.options.strict) {
              if (sep)
                for (const st of sep) {
                  if (st === valueProps.found)
                    break;
                  if (st.type === "newline") {
                    onError(st, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
                    break;
                  }
                }
              if (props.start < valueProps.found.offset - 1024)
                onError(valueProps.found, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit flow sequence key");
            }
          } else if (value) {
            if ("source" in value && value.source?.[0] === ":")
              onError(value, "MISSING_CHAR", `Missing space after : in ${fcName}`);
            else
              onError(valueProps.start, "MISSING_CHAR", `Missing , or : between ${fcName} items`);
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : valueProps.found ? composeEmptyNode(ctx, valueProps.end, sep, null, valueProps, onError) : null;
          if (valueNode) {
            if (isBlock(value))
              onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
          } else if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          if (isMap) {
            const map = coll;
            if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
              onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
            map.items.push(pair);
          } else {
            const map = new YAMLMap.YAMLMap(ctx.schema);
            map.flow = true;
            map.items.push(pair);
            const endRange = (valueNode ?? keyNode).range;
            map.range = [keyNode.range[0], endRange[1], endRange[2]];
            coll.items.push(map);
          }
          offset = valueNode ? valueNode.range[2] : valueProps.end;
        }
      }
      const expectedEnd = isMap ? "}" : "]";
      const [ce, ...ee] = fc.end;
      let cePos = offset;
      if (ce?.source === expectedEnd)
        cePos = ce.offset + ce.source.length;
      else {
        const name = fcName[0].toUpperCase() + fcName.substring(1);
        const msg = atRoot ? `${name} must end with a ${expectedEnd}` : `${name} in block collection must be sufficiently indented and end with a ${expectedEnd}`;
        onError(offset, atRoot ? "MISSING_CHAR" : "BAD_INDENT", msg);
        if (ce && ce.source.length !== 1)
          ee.unshift(ce);
      }
      if (ee.length > 0) {
        const end = resolveEnd.resolveEnd(ee, cePos, ctx.options.strict, onError);
        if (end.comment) {
          if (coll.comment)
            coll.comment += "\n" + end.comment;
          else
            coll.comment = end.comment;
        }
        coll.range = [fc.offset, cePos, end.offset];
      } else {
        coll.range = [fc.offset, cePos, cePos];
      }
      return coll;
    }
    exports2.resolveFlowCollection = resolveFlowCollection;
  }
});

// node_modules/yaml/dist/compose/compose-collection.js
var require_compose_collection = __commonJS({
  "node_modules/yaml/dist/compose/compose-collection.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveBlockMap = require_resolve_block_map();
    var resolveBlockSeq = require_resolve_block_seq();
    var resolveFlowCollection = require_resolve_flow_collection();
    function resolveCollection(CN, ctx, token, onError, tagName, tag) {
      const coll = token.type === "block-map" ? resolveBlockMap.resolveBlockMap(CN, ctx, token, onError, tag) : token.type === "block-seq" ? resolveBlockSeq.resolveBlockSeq(CN, ctx, token, onError, tag) : resolveFlowCollection.resolveFlowCollection(CN, ctx, token, onError, tag);
      const Coll = coll.constructor;
      if (tagName === "!" || tagName === Coll.tagName) {
        coll.tag = Coll.tagName;
        return coll;
      }
      if (tagName)
        coll.tag = tagName;
      return coll;
    }
    function composeCollection(CN, ctx, token, props, onError) {
      const tagToken = props.tag;
      const tagName = !tagToken ? null : ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg));
      if (token.type === "block-seq") {
        const { anchor, newlineAfterProp: nl } = props;
        const lastProp = anchor && tagToken ? anchor.offset > tagToken.offset ? anchor : tagToken : anchor ?? tagToken;
        if (lastProp && (!nl || nl.offset < lastProp.offset)) {
          const message2 = "Missing newline after block sequence props";
          onError(lastProp, "MISSING_CHAR", message2);
        }
      }
      const expType = token.type === "block-map" ? "map" : token.type === "block-seq" ? "seq" : token.start.source === "{" ? "map" : "seq";
      if (!tagToken || !tagName || tagName === "!" || tagName === YAMLMap.YAMLMap.tagName && expType === "map" || tagName === YAMLSeq.YAMLSeq.tagName && expType === "seq") {
        return resolveCollection(CN, ctx, token, onError, tagName);
      }
      let tag = ctx.schema.tags.find((t) => t.tag === tagName && t.collection === expType);
      if (!tag) {
        const kt = ctx.schema.knownTags[tagName];
        if (kt?.collection === expType) {
          ctx.schema.tags.push(Object.assign({}, kt, { default: false }));
          tag = kt;
        } else {
          if (kt) {
            onError(tagToken, "BAD_COLLECTION_TYPE", `${kt.tag} used for ${expType} collection, but expects ${kt.collection ?? "scalar"}`, true);
          } else {
            onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, true);
          }
          return resolveCollection(CN, ctx, token, onError, tagName);
        }
      }
      const coll = resolveCollection(CN, ctx, token, onError, tagName, tag);
      const res2 = tag.resolve?.(coll, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg), ctx.options) ?? coll;
      const node = identity.isNode(res2) ? res2 : new Scalar.Scalar(res2);
      node.range = coll.range;
      node.tag = tagName;
      if (tag?.format)
        node.format = tag.format;
      return node;
    }
    exports2.composeCollection = composeCollection;
  }
});

// node_modules/yaml/dist/compose/resolve-block-scalar.js
var require_resolve_block_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-scalar.js"(exports2) {
    "use strict";
    var Scalar = require_Scalar();
    function resolveBlockScalar(ctx, scalar, onError) {
      const start2 = scalar.offset;
      const header = parseBlockScalarHeader(scalar, ctx.options.strict, onError);
      if (!header)
        return { value: "", type: null, comment: "", range: [start2, start2, start2] };
      const type = header.mode === ">" ? Scalar.Scalar.BLOCK_FOLDED : Scalar.Scalar.BLOCK_LITERAL;
      const lines = scalar.source ? splitLines(scalar.source) : [];
      let chompStart = lines.length;
      for (let i = lines.length - 1; i >= 0; --i) {
        const content = lines[i][1];
        if (content === "" || content === "\r")
          chompStart = i;
        else
          break;
      }
      if (chompStart === 0) {
        const value2 = header.chomp === "+" && lines.length > 0 ? "\n".repeat(Math.max(1, lines.length - 1)) : "";
        let end2 = start2 + header.length;
        if (scalar.source)
          end2 += scalar.source.length;
        return { value: value2, type, comment: header.comment, range: [start2, end2, end2] };
      }
      let trimIndent = scalar.indent + header.indent;
      let offset = scalar.offset + header.length;
      let contentStart = 0;
      for (let i = 0; i < chompStart; ++i) {
        const [indent, content] = lines[i];
        if (content === "" || content === "\r") {
          if (header.indent === 0 && indent.length > trimIndent)
            trimIndent = indent.length;
        } else {
          if (indent.length < trimIndent) {
            const message2 = "Block scalars with more-indented leading empty lines must use an explicit indentation indicator";
            onError(offset + indent.length, "MISSING_CHAR", message2);
          }
          if (header.indent === 0)
            trimIndent = indent.length;
          contentStart = i;
          if (trimIndent === 0 && !ctx.atRoot) {
            const message2 = "Block scalar values in collections must be indented";
            onError(offset, "BAD_INDENT", message2);
          }
          break;
        }
        offset += indent.length + content.length + 1;
      }
      for (let i = lines.length - 1; i >= chompStart; --i) {
        if (lines[i][0].length > trimIndent)
          chompStart = i + 1;
      }
      let value = "";
      let sep = "";
      let prevMoreIndented = false;
      for (let i = 0; i < contentStart; ++i)
        value += lines[i][0].slice(trimIndent) + "\n";
      for (let i = contentStart; i < chompStart; ++i) {
        let [indent, content] = lines[i];
        offset += indent.length + content.length + 1;
        const crlf = content[content.length - 1] === "\r";
        if (crlf)
          content = content.slice(0, -1);
        if (content && indent.length < trimIndent) {
          const src = header.indent ? "explicit indentation indicator" : "first line";
          const message2 = `Block scalar lines must not be less indented than their ${src}`;
          onError(offset - content.length - (crlf ? 2 : 1), "BAD_INDENT", message2);
          indent = "";
        }
        if (type === Scalar.Scalar.BLOCK_LITERAL) {
          value += sep + indent.slice(trimIndent) + content;
          sep = "\n";
        } else if (indent.length > trimIndent || content[0] === "	") {
          if (sep === " ")
            sep = "\n";
          else if (!prevMoreIndented && sep === "\n")
            sep = "\n\n";
          value += sep + indent.slice(trimIndent) + content;
          sep = "\n";
          prevMoreIndented = true;
        } else if (content === "") {
          if (sep === "\n")
            value += "\n";
          else
            sep = "\n";
        } else {
          value += sep + content;
          sep = " ";
          prevMoreIndented = false;
        }
      }
      switch (header.chomp) {
        case "-":
          break;
        case "+":
          for (let i = chompStart; i < lines.length; ++i)
            value += "\n" + lines[i][0].slice(trimIndent);
          if (value[value.length - 1] !== "\n")
            value += "\n";
          break;
        default:
          value += "\n";
      }
      const end = start2 + header.length + scalar.source.length;
      return { value, type, comment: header.comment, range: [start2, end, end] };
    }
    function parseBlockScalarHeader({ offset, props }, strict, onError) {
      if (props[0].type !== "block-scalar-header") {
        onError(props[0], "IMPOSSIBLE", "Block scalar header not found");
        return null;
      }
      const { source } = props[0];
      const mode = source[0];
      let indent = 0;
      let chomp = "";
      let error = -1;
      for (let i = 1; i < source.length; ++i) {
        const ch = source[i];
        if (!chomp && (ch === "-" || ch === "+"))
          chomp = ch;
        else {
          const n = Number(ch);
          if (!indent && n)
            indent = n;
          else if (error === -1)
            error = offset + i;
        }
      }
      if (error !== -1)
        onError(error, "UNEXPECTED_TOKEN", `Block scalar header includes extra characters: ${source}`);
      let hasSpace = false;
      let comment = "";
      let length = source.length;
      for (let i = 1; i < props.length; ++i) {
        const token = props[i];
        switch (token.type) {
          case "space":
            hasSpace = true;
          // fallthrough
          case "newline":
            length += token.source.length;
            break;
          case "comment":
            if (strict && !hasSpace) {
              const message2 = "Comments must be separated from other tokens by white space characters";
              onError(token, "MISSING_CHAR", message2);
            }
            length += token.source.length;
            comment = token.source.substring(1);
            break;
          case "error":
            onError(token, "UNEXPECTED_TOKEN", token.message);
            length += token.source.length;
            break;
          /* istanbul ignore next should not happen */
          default: {
            const message2 = `Unexpected token in block scalar header: ${token.type}`;
            onError(token, "UNEXPECTED_TOKEN", message2);
            const ts = token.source;
            if (ts && typeof ts === "string")
              length += ts.length;
          }
        }
      }
      return { mode, indent, chomp, comment, length };
    }
    function splitLines(source) {
      const split = source.split(/\n( *)/);
      const first = split[0];
      const m = first.match(/^( *)/);
      const line0 = m?.[1] ? [m[1], first.slice(m[1].length)] : ["", first];
      const lines = [line0];
      for (let i = 1; i < split.length; i += 2)
        lines.push([split[i], split[i + 1]]);
      return lines;
    }
    exports2.resolveBlockScalar = resolveBlockScalar;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-scalar.js
var require_resolve_flow_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-scalar.js"(exports2) {
    "use strict";
    var Scalar = require_Scalar();
    var resolveEnd = require_resolve_end();
    function resolveFlowScalar(scalar, strict, onError) {
      const { offset, type, source, end } = scalar;
      let _type;
      let value;
      const _onError = (rel, code, msg) => onError(offset + rel, code, msg);
      switch (type) {
        case "scalar":
          _type = Scalar.Scalar.PLAIN;
          value = plainValue(source, _onError);
          break;
        case "single-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_SINGLE;
          value = singleQuotedValue(source, _onError);
          break;
        case "double-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_DOUBLE;
          value = doubleQuotedValue(source, _onError);
          break;
        /* istanbul ignore next should not happen */
        default:
          onError(scalar, "UNEXPECTED_TOKEN", `Expected a flow scalar value, but found: ${type}`);
          return {
            value: "",
            type: null,
            comment: "",
            range: [offset, offset + source.length, offset + source.length]
          };
      }
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, strict, onError);
      return {
        value,
        type: _type,
        comment: re.comment,
        range: [offset, valueEnd, re.offset]
      };
    }
    function plainValue(source, onError) {
      let badChar = "";
      switch (source[0]) {
        /* istanbul ignore next should not happen */
        case "	":
          badChar = "a tab character";
          break;
        case ",":
          badChar = "flow indicator character ,";
          break;
        case "%":
          badChar = "directive indicator character %";
          break;
        case "|":
        case ">": {
          badChar = `block scalar indicator ${source[0]}`;
          break;
        }
        case "@":
        case "`": {
          badChar = `reserved character ${source[0]}`;
          break;
        }
      }
      if (badChar)
        onError(0, "BAD_SCALAR_START", `Plain value cannot start with ${badChar}`);
      return unfoldLines(source);
    }
    function singleQuotedValue(source, onError) {
      if (source[source.length - 1] !== "'" || source.length === 1)
        onError(source.length, "MISSING_CHAR", "Missing closing 'quote");
      return unfoldLines(source.slice(1, -1)).replace(/''/g, "'");
    }
    function unfoldLines(source) {
      const line = /(.*?)\r?\n/sy;
      let match = line.exec(source);
      if (!match)
        return source;
      let trimEnd, trimBoth;
      try {
        trimEnd = new RegExp("(?<![ 	])[ 	]+$");
        trimBoth = new RegExp("^[ 	]+|(?<![ 	])[ 	]+$", "g");
      } catch {
        trimEnd = /[ \t]+$/;
        trimBoth = /^[ \t]+|[ \t]+$/g;
      }
      let res2 = match[1].replace(trimEnd, "");
      let sep = " ";
      let pos = line.lastIndex;
      while (match = line.exec(source)) {
        const lm = match[1].replace(trimBoth, "");
        if (lm === "") {
          if (sep === "\n")
            res2 += sep;
          else
            sep = "\n";
        } else {
          res2 += sep + lm;
          sep = " ";
        }
        pos = line.lastIndex;
      }
      const last = /[ \t]*(.*)/sy;
      last.lastIndex = pos;
      match = last.exec(source);
      return res2 + sep + (match?.[1] ?? "");
    }
    function doubleQuotedValue(source, onError) {
      let res2 = "";
      for (let i = 1; i < source.length - 1; ++i) {
        const ch = source[i];
        if (ch === "\r" && source[i + 1] === "\n")
          continue;
        if (ch === "\n") {
          const { fold, offset } = foldNewline(source, i);
          res2 += fold;
          i = offset;
        } else if (ch === "\\") {
          let next = source[++i];
          const cc = escapeCodes[next];
          if (cc)
            res2 += cc;
          else if (next === "\n") {
            next = source[i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "\r" && source[i + 1] === "\n") {
            next = source[++i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "x" || next === "u" || next === "U") {
            const length = next === "x" ? 2 : next === "u" ? 4 : 8;
            res2 += parseCharCode(source, i + 1, length, onError);
            i += length;
          } else {
            const raw = source.substr(i - 1, 2);
            onError(i - 1, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
            res2 += raw;
          }
        } else if (ch === " " || ch === "	") {
          const wsStart = i;
          let next = source[i + 1];
          while (next === " " || next === "	")
            next = source[++i + 1];
          if (next !== "\n" && !(next === "\r" && source[i + 2] === "\n"))
            res2 += i > wsStart ? source.slice(wsStart, i + 1) : ch;
        } else {
          res2 += ch;
        }
      }
      if (source[source.length - 1] !== '"' || source.length === 1)
        onError(source.length, "MISSING_CHAR", 'Missing closing "quote');
      return res2;
    }
    function foldNewline(source, offset) {
      let fold = "";
      let ch = source[offset + 1];
      while (ch === " " || ch === "	" || ch === "\n" || ch === "\r") {
        if (ch === "\r" && source[offset + 2] !== "\n")
          break;
        if (ch === "\n")
          fold += "\n";
        offset += 1;
        ch = source[offset + 1];
      }
      if (!fold)
        fold = " ";
      return { fold, offset };
    }
    var escapeCodes = {
      "0": "\0",
      // null character
      a: "\x07",
      // bell character
      b: "\b",
      // backspace
      e: "\x1B",
      // escape character
      f: "\f",
      // form feed
      n: "\n",
      // line feed
      r: "\r",
      // carriage return
      t: "	",
      // horizontal tab
      v: "\v",
      // vertical tab
      N: "\x85",
      // Unicode next line
      _: "\xA0",
      // Unicode non-breaking space
      L: "\u2028",
      // Unicode line separator
      P: "\u2029",
      // Unicode paragraph separator
      " ": " ",
      '"': '"',
      "/": "/",
      "\\": "\\",
      "	": "	"
    };
    function parseCharCode(source, offset, length, onError) {
      const cc = source.substr(offset, length);
      const ok = cc.length === length && /^[0-9a-fA-F]+$/.test(cc);
      const code = ok ? parseInt(cc, 16) : NaN;
      try {
        return String.fromCodePoint(code);
      } catch {
        const raw = source.substr(offset - 2, length + 2);
        onError(offset - 2, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
        return raw;
      }
    }
    exports2.resolveFlowScalar = resolveFlowScalar;
  }
});

// node_modules/yaml/dist/compose/compose-scalar.js
var require_compose_scalar = __commonJS({
  "node_modules/yaml/dist/compose/compose-scalar.js"(exports2) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    function composeScalar(ctx, token, tagToken, onError) {
      const { value, type, comment, range } = token.type === "block-scalar" ? resolveBlockScalar.resolveBlockScalar(ctx, token, onError) : resolveFlowScalar.resolveFlowScalar(token, ctx.options.strict, onError);
      const tagName = tagToken ? ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg)) : null;
      let tag;
      if (ctx.options.stringKeys && ctx.atKey) {
        tag = ctx.schema[identity.SCALAR];
      } else if (tagName)
        tag = findScalarTagByName(ctx.schema, value, tagName, tagToken, onError);
      else if (token.type === "scalar")
        tag = findScalarTagByTest(ctx, value, token, onError);
      else
        tag = ctx.schema[identity.SCALAR];
      let scalar;
      try {
        const res2 = tag.resolve(value, (msg) => onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg), ctx.options);
        scalar = identity.isScalar(res2) ? res2 : new Scalar.Scalar(res2);
      } catch (error) {
        const msg = error instanceof Error ? error.message : String(error);
        onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg);
        scalar = new Scalar.Scalar(value);
      }
      scalar.range = range;
      scalar.source = value;
      if (type)
        scalar.type = type;
      if (tagName)
        scalar.tag = tagName;
      if (tag.format)
        scalar.format = tag.format;
      if (comment)
        scalar.comment = comment;
      return scalar;
    }
    function findScalarTagByName(schema, value, tagName, tagToken, onError) {
      if (tagName === "!")
        return schema[identity.SCALAR];
      const matchWithTest = [];
      for (const tag of schema.tags) {
        if (!tag.collection && tag.tag === tagName) {
          if (tag.default && tag.test)
            matchWithTest.push(tag);
          else
            return tag;
        }
      }
      for (const tag of matchWithTest)
        if (tag.test?.test(value))
          return tag;
      const kt = schema.knownTags[tagName];
      if (kt && !kt.collection) {
        schema.tags.push(Object.assign({}, kt, { default: false, test: void 0 }));
        return kt;
      }
      onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, tagName !== "tag:yaml.org,2002:str");
      return schema[identity.SCALAR];
    }
    function findScalarTagByTest({ atKey, directives, schema }, value, token, onError) {
      const tag = schema.tags.find((tag2) => (tag2.default === true || atKey && tag2.default === "key") && tag2.test?.test(value)) || schema[identity.SCALAR];
      if (schema.compat) {
        const compat = schema.compat.find((tag2) => tag2.default && tag2.test?.test(value)) ?? schema[identity.SCALAR];
        if (tag.tag !== compat.tag) {
          const ts = directives.tagString(tag.tag);
          const cs = directives.tagString(compat.tag);
          const msg = `Value may be parsed as either ${ts} or ${cs}`;
          onError(token, "TAG_RESOLVE_FAILED", msg, true);
        }
      }
      return tag;
    }
    exports2.composeScalar = composeScalar;
  }
});

// node_modules/yaml/dist/compose/util-empty-scalar-position.js
var require_util_empty_scalar_position = __commonJS({
  "node_modules/yaml/dist/compose/util-empty-scalar-position.js"(exports2) {
    "use strict";
    function emptyScalarPosition(offset, before, pos) {
      if (before) {
        pos ?? (pos = before.length);
        for (let i = pos - 1; i >= 0; --i) {
          let st = before[i];
          switch (st.type) {
            case "space":
            case "comment":
            case "newline":
              offset -= st.source.length;
              continue;
          }
          st = before[++i];
          while (st?.type === "space") {
            offset += st.source.length;
            st = before[++i];
          }
          break;
        }
      }
      return offset;
    }
    exports2.emptyScalarPosition = emptyScalarPosition;
  }
});

// node_modules/yaml/dist/compose/compose-node.js
var require_compose_node = __commonJS({
  "node_modules/yaml/dist/compose/compose-node.js"(exports2) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var composeCollection = require_compose_collection();
    var composeScalar = require_compose_scalar();
    var resolveEnd = require_resolve_end();
    var utilEmptyScalarPosition = require_util_empty_scalar_position();
    var CN = { composeNode, composeEmptyNode };
    function composeNode(ctx, token, props, onError) {
      const atKey = ctx.atKey;
      const { spaceBefore, comment, anchor, tag } = props;
      let node;
      let isSrcToken = true;
      switch (token.type) {
        case "alias":
          node = composeAlias(ctx, token, onError);
          if (anchor || tag)
            onError(token, "ALIAS_PROPS", "An alias node must not specify any properties");
          break;
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "block-scalar":
          node = composeScalar.composeScalar(ctx, token, tag, onError);
          if (anchor)
            node.anchor = anchor.source.substring(1);
          break;
        case "block-map":
        case "block-seq":
        case "flow-collection":
          try {
            node = composeCollection.composeCollection(CN, ctx, token, props, onError);
            if (anchor)
              node.anchor = anchor.source.substring(1);
          } catch (error) {
            const message2 = error instanceof Error ? error.message : String(error);
            onError(token, "RESOURCE_EXHAUSTION", message2);
          }
          break;
        default: {
          const message2 = token.type === "error" ? token.message : `Unsupported token (type: ${token.type})`;
          onError(token, "UNEXPECTED_TOKEN", message2);
          isSrcToken = false;
        }
      }
      node ?? (node = composeEmptyNode(ctx, token.offset, void 0, null, props, onError));
      if (anchor && node.anchor === "")
        onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      if (atKey && ctx.options.stringKeys && (!identity.isScalar(node) || typeof node.value !== "string" || node.tag && node.tag !== "tag:yaml.org,2002:str")) {
        const msg = "With stringKeys, all keys must be strings";
        onError(tag ?? token, "NON_STRING_KEY", msg);
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        if (token.type === "scalar" && token.source === "")
          node.comment = comment;
        else
          node.commentBefore = comment;
      }
      if (ctx.options.keepSourceTokens && isSrcToken)
        node.srcToken = token;
      return node;
    }
    function composeEmptyNode(ctx, offset, before, pos, { spaceBefore, comment, anchor, tag, end }, onError) {
      const token = {
        type: "scalar",
        offset: utilEmptyScalarPosition.emptyScalarPosition(offset, before, pos),
        indent: -1,
        source: ""
      };
      const node = composeScalar.composeScalar(ctx, token, tag, onError);
      if (anchor) {
        node.anchor = anchor.source.substring(1);
        if (node.anchor === "")
          onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        node.comment = comment;
        node.range[2] = end;
      }
      return node;
    }
    function composeAlias({ options: options2 }, { offset, source, end }, onError) {
      const alias = new Alias.Alias(source.substring(1));
      if (alias.source === "")
        onError(offset, "BAD_ALIAS", "Alias cannot be an empty string");
      if (alias.source.endsWith(":"))
        onError(offset + source.length - 1, "BAD_ALIAS", "Alias ending in : is ambiguous", true);
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, options2.strict, onError);
      alias.range = [offset, valueEnd, re.offset];
      if (re.comment)
        alias.comment = re.comment;
      return alias;
    }
    exports2.composeEmptyNode = composeEmptyNode;
    exports2.composeNode = composeNode;
  }
});

// node_modules/yaml/dist/compose/compose-doc.js
var require_compose_doc = __commonJS({
  "node_modules/yaml/dist/compose/compose-doc.js"(exports2) {
    "use strict";
    var Document = require_Document();
    var composeNode = require_compose_node();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    function composeDoc(options2, directives, { offset, start: start2, value, end }, onError) {
      const opts = Object.assign({ _directives: directives }, options2);
      const doc = new Document.Document(void 0, opts);
      const ctx = {
        atKey: false,
        atRoot: true,
        directives: doc.directives,
        options: doc.options,
        schema: doc.schema
      };
      const props = resolveProps.resolveProps(start2, {
        indicator: "doc-start",
        next: value ?? end?.[0],
        offset,
        onError,
        parentIndent: 0,
        startOnNewline: true
      });
      if (props.found) {
        doc.directives.docStart = true;
        if (value && (value.type === "block-map" || value.type === "block-seq") && !props.hasNewline)
          onError(props.end, "MISSING_CHAR", "Block collection cannot start on same line with directives-end marker");
      }
      doc.contents = value ? composeNode.composeNode(ctx, value, props, onError) : composeNode.composeEmptyNode(ctx, props.end, start2, null, props, onError);
      const contentEnd = doc.contents.range[2];
      const re = resolveEnd.resolveEnd(end, contentEnd, false, onError);
      if (re.comment)
        doc.comment = re.comment;
      doc.range = [offset, contentEnd, re.offset];
      return doc;
    }
    exports2.composeDoc = composeDoc;
  }
});

// node_modules/yaml/dist/compose/composer.js
var require_composer = __commonJS({
  "node_modules/yaml/dist/compose/composer.js"(exports2) {
    "use strict";
    var node_process = require("process");
    var directives = require_directives();
    var Document = require_Document();
    var errors = require_errors();
    var identity = require_identity();
    var composeDoc = require_compose_doc();
    var resolveEnd = require_resolve_end();
    function getErrorPos(src) {
      if (typeof src === "number")
        return [src, src + 1];
      if (Array.isArray(src))
        return src.length === 2 ? src : [src[0], src[1]];
      const { offset, source } = src;
      return [offset, offset + (typeof source === "string" ? source.length : 1)];
    }
    function parsePrelude(prelude) {
      let comment = "";
      let atComment = false;
      let afterEmptyLine = false;
      for (let i = 0; i < prelude.length; ++i) {
        const source = prelude[i];
        switch (source[0]) {
          case "#":
            comment += (comment === "" ? "" : afterEmptyLine ? "\n\n" : "\n") + (source.substring(1) || " ");
            atComment = true;
            afterEmptyLine = false;
            break;
          case "%":
            if (prelude[i + 1]?.[0] !== "#")
              i += 1;
            atComment = false;
            break;
          default:
            if (!atComment)
              afterEmptyLine = true;
            atComment = false;
        }
      }
      return { comment, afterEmptyLine };
    }
    var Composer = class {
      constructor(options2 = {}) {
        this.doc = null;
        this.atDirectives = false;
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
        this.onError = (source, code, message2, warning) => {
          const pos = getErrorPos(source);
          if (warning)
            this.warnings.push(new errors.YAMLWarning(pos, code, message2));
          else
            this.errors.push(new errors.YAMLParseError(pos, code, message2));
        };
        this.directives = new directives.Directives({ version: options2.version || "1.2" });
        this.options = options2;
      }
      decorate(doc, afterDoc) {
        const { comment, afterEmptyLine } = parsePrelude(this.prelude);
        if (comment) {
          const dc = doc.contents;
          if (afterDoc) {
            doc.comment = doc.comment ? `${doc.comment}
${comment}` : comment;
          } else if (afterEmptyLine || doc.directives.docStart || !dc) {
            doc.commentBefore = comment;
          } else if (identity.isCollection(dc) && !dc.flow && dc.items.length > 0) {
            let it = dc.items[0];
            if (identity.isPair(it))
              it = it.key;
            const cb = it.commentBefore;
            it.commentBefore = cb ? `${comment}
${cb}` : comment;
          } else {
            const cb = dc.commentBefore;
            dc.commentBefore = cb ? `${comment}
${cb}` : comment;
          }
        }
        if (afterDoc) {
          for (let i = 0; i < this.errors.length; ++i)
            doc.errors.push(this.errors[i]);
          for (let i = 0; i < this.warnings.length; ++i)
            doc.warnings.push(this.warnings[i]);
        } else {
          doc.errors = this.errors;
          doc.warnings = this.warnings;
        }
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
      }
      /**
       * Current stream status information.
       *
       * Mostly useful at the end of input for an empty stream.
       */
      streamInfo() {
        return {
          comment: parsePrelude(this.prelude).comment,
          directives: this.directives,
          errors: this.errors,
          warnings: this.warnings
        };
      }
      /**
       * Compose tokens into documents.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *compose(tokens, forceDoc = false, endOffset = -1) {
        for (const token of tokens)
          yield* this.next(token);
        yield* this.end(forceDoc, endOffset);
      }
      /** Advance the composer by one CST token. */
      *next(token) {
        if (node_process.env.LOG_STREAM)
          console.dir(token, { depth: null });
        switch (token.type) {
          case "directive":
            this.directives.add(token.source, (offset, message2, warning) => {
              const pos = getErrorPos(token);
              pos[0] += offset;
              this.onError(pos, "BAD_DIRECTIVE", message2, warning);
            });
            this.prelude.push(token.source);
            this.atDirectives = true;
            break;
          case "document": {
            const doc = composeDoc.composeDoc(this.options, this.directives, token, this.onError);
            if (this.atDirectives && !doc.directives.docStart)
              this.onError(token, "MISSING_CHAR", "Missing directives-end/doc-start indicator line");
            this.decorate(doc, false);
            if (this.doc)
              yield this.doc;
            this.doc = doc;
            this.atDirectives = false;
            break;
          }
          case "byte-order-mark":
          case "space":
            break;
          case "comment":
          case "newline":
            this.prelude.push(token.source);
            break;
          case "error": {
            const msg = token.source ? `${token.message}: ${JSON.stringify(token.source)}` : token.message;
            const error = new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg);
            if (this.atDirectives || !this.doc)
              this.errors.push(error);
            else
              this.doc.errors.push(error);
            break;
          }
          case "doc-end": {
            if (!this.doc) {
              const msg = "Unexpected doc-end without preceding document";
              this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg));
              break;
            }
            this.doc.directives.docEnd = true;
            const end = resolveEnd.resolveEnd(token.end, token.offset + token.source.length, this.doc.options.strict, this.onError);
            this.decorate(this.doc, true);
            if (end.comment) {
              const dc = this.doc.comment;
              this.doc.comment = dc ? `${dc}
${end.comment}` : end.comment;
            }
            this.doc.range[2] = end.offset;
            break;
          }
          default:
            this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", `Unsupported token ${token.type}`));
        }
      }
      /**
       * Call at end of input to yield any remaining document.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *end(forceDoc = false, endOffset = -1) {
        if (this.doc) {
          this.decorate(this.doc, true);
          yield this.doc;
          this.doc = null;
        } else if (forceDoc) {
          const opts = Object.assign({ _directives: this.directives }, this.options);
          const doc = new Document.Document(void 0, opts);
          if (this.atDirectives)
            this.onError(endOffset, "MISSING_CHAR", "Missing directives-end indicator line");
          doc.range = [0, endOffset, endOffset];
          this.decorate(doc, false);
          yield doc;
        }
      }
    };
    exports2.Composer = Composer;
  }
});

// node_modules/yaml/dist/parse/cst-scalar.js
var require_cst_scalar = __commonJS({
  "node_modules/yaml/dist/parse/cst-scalar.js"(exports2) {
    "use strict";
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    var errors = require_errors();
    var stringifyString = require_stringifyString();
    function resolveAsScalar(token, strict = true, onError) {
      if (token) {
        const _onError = (pos, code, message2) => {
          const offset = typeof pos === "number" ? pos : Array.isArray(pos) ? pos[0] : pos.offset;
          if (onError)
            onError(offset, code, message2);
          else
            throw new errors.YAMLParseError([offset, offset + 1], code, message2);
        };
        switch (token.type) {
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return resolveFlowScalar.resolveFlowScalar(token, strict, _onError);
          case "block-scalar":
            return resolveBlockScalar.resolveBlockScalar({ options: { strict } }, token, _onError);
        }
      }
      return null;
    }
    function createScalarToken(value, context) {
      const { implicitKey = false, indent, inFlow = false, offset = -1, type = "PLAIN" } = context;
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey,
        indent: indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      const end = context.end ?? [
        { type: "newline", offset: -1, indent, source: "\n" }
      ];
      switch (source[0]) {
        case "|":
        case ">": {
          const he = source.indexOf("\n");
          const head = source.substring(0, he);
          const body = source.substring(he + 1) + "\n";
          const props = [
            { type: "block-scalar-header", offset, indent, source: head }
          ];
          if (!addEndtoBlockProps(props, end))
            props.push({ type: "newline", offset: -1, indent, source: "\n" });
          return { type: "block-scalar", offset, indent, props, source: body };
        }
        case '"':
          return { type: "double-quoted-scalar", offset, indent, source, end };
        case "'":
          return { type: "single-quoted-scalar", offset, indent, source, end };
        default:
          return { type: "scalar", offset, indent, source, end };
      }
    }
    function setScalarValue(token, value, context = {}) {
      let { afterKey = false, implicitKey = false, inFlow = false, type } = context;
      let indent = "indent" in token ? token.indent : null;
      if (afterKey && typeof indent === "number")
        indent += 2;
      if (!type)
        switch (token.type) {
          case "single-quoted-scalar":
            type = "QUOTE_SINGLE";
            break;
          case "double-quoted-scalar":
            type = "QUOTE_DOUBLE";
            break;
          case "block-scalar": {
            const header = token.props[0];
            if (header.type !== "block-scalar-header")
              throw new Error("Invalid block scalar header");
            type = header.source[0] === ">" ? "BLOCK_FOLDED" : "BLOCK_LITERAL";
            break;
          }
          default:
            type = "PLAIN";
        }
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey: implicitKey || indent === null,
        indent: indent !== null && indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      switch (source[0]) {
        case "|":
        case ">":
          setBlockScalarValue(token, source);
          break;
        case '"':
          setFlowScalarValue(token, source, "double-quoted-scalar");
          break;
        case "'":
          setFlowScalarValue(token, source, "single-quoted-scalar");
          break;
        default:
          setFlowScalarValue(token, source, "scalar");
      }
    }
    function setBlockScalarValue(token, source) {
      const he = source.indexOf("\n");
      const head = source.substring(0, he);
      const body = source.substring(he + 1) + "\n";
      if (token.type === "block-scalar") {
        const header = token.props[0];
        if (header.type !== "block-scalar-header")
          throw new Error("Invalid block scalar header");
        header.source = head;
        token.source = body;
      } else {
        const { offset } = token;
        const indent = "indent" in token ? token.indent : -1;
        const props = [
          { type: "block-scalar-header", offset, indent, source: head }
        ];
        if (!addEndtoBlockProps(props, "end" in token ? token.end : void 0))
          props.push({ type: "newline", offset: -1, indent, source: "\n" });
        for (const key of Object.keys(token))
          if (key !== "type" && key !== "offset")
            delete token[key];
        Object.assign(token, { type: "block-scalar", indent, props, source: body });
      }
    }
    function addEndtoBlockProps(props, end) {
      if (end)
        for (const st of end)
          switch (st.type) {
            case "space":
            case "comment":
              props.push(st);
              break;
            case "newline":
              props.push(st);
              return true;
          }
      return false;
    }
    function setFlowScalarValue(token, source, type) {
      switch (token.type) {
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          token.type = type;
          token.source = source;
          break;
        case "block-scalar": {
          const end = token.props.slice(1);
          let oa = source.length;
          if (token.props[0].type === "block-scalar-header")
            oa -= token.props[0].source.length;
          for (const tok of end)
            tok.offset += oa;
          delete token.props;
          Object.assign(token, { type, source, end });
          break;
        }
        case "block-map":
        case "block-seq": {
          const offset = token.offset + source.length;
          const nl = { type: "newline", offset, indent: token.indent, source: "\n" };
          delete token.items;
          Object.assign(token, { type, source, end: [nl] });
          break;
        }
        default: {
          const indent = "indent" in token ? token.indent : -1;
          const end = "end" in token && Array.isArray(token.end) ? token.end.filter((st) => st.type === "space" || st.type === "comment" || st.type === "newline") : [];
          for (const key of Object.keys(token))
            if (key !== "type" && key !== "offset")
              delete token[key];
          Object.assign(token, { type, indent, source, end });
        }
      }
    }
    exports2.createScalarToken = createScalarToken;
    exports2.resolveAsScalar = resolveAsScalar;
    exports2.setScalarValue = setScalarValue;
  }
});

// node_modules/yaml/dist/parse/cst-stringify.js
var require_cst_stringify = __commonJS({
  "node_modules/yaml/dist/parse/cst-stringify.js"(exports2) {
    "use strict";
    var stringify = (cst) => "type" in cst ? stringifyToken(cst) : stringifyItem(cst);
    function stringifyToken(token) {
      switch (token.type) {
        case "block-scalar": {
          let res2 = "";
          for (const tok of token.props)
            res2 += stringifyToken(tok);
          return res2 + token.source;
        }
        case "block-map":
        case "block-seq": {
          let res2 = "";
          for (const item of token.items)
            res2 += stringifyItem(item);
          return res2;
        }
        case "flow-collection": {
          let res2 = token.start.source;
          for (const item of token.items)
            res2 += stringifyItem(item);
          for (const st of token.end)
            res2 += st.source;
          return res2;
        }
        case "document": {
          let res2 = stringifyItem(token);
          if (token.end)
            for (const st of token.end)
              res2 += st.source;
          return res2;
        }
        default: {
          let res2 = token.source;
          if ("end" in token && token.end)
            for (const st of token.end)
              res2 += st.source;
          return res2;
        }
      }
    }
    function stringifyItem({ start: start2, key, sep, value }) {
      let res2 = "";
      for (const st of start2)
        res2 += st.source;
      if (key)
        res2 += stringifyToken(key);
      if (sep)
        for (const st of sep)
          res2 += st.source;
      if (value)
        res2 += stringifyToken(value);
      return res2;
    }
    exports2.stringify = stringify;
  }
});

// node_modules/yaml/dist/parse/cst-visit.js
var require_cst_visit = __commonJS({
  "node_modules/yaml/dist/parse/cst-visit.js"(exports2) {
    "use strict";
    var BREAK = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove item");
    function visit(cst, visitor) {
      if ("type" in cst && cst.type === "document")
        cst = { start: cst.start, value: cst.value };
      _visit(Object.freeze([]), cst, visitor);
    }
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    visit.itemAtPath = (cst, path) => {
      let item = cst;
      for (const [field, index] of path) {
        const tok = item?.[field];
        if (tok && "items" in tok) {
          item = tok.items[index];
        } else
          return void 0;
      }
      return item;
    };
    visit.parentCollection = (cst, path) => {
      const parent = visit.itemAtPath(cst, path.slice(0, -1));
      const field = path[path.length - 1][0];
      const coll = parent?.[field];
      if (coll && "items" in coll)
        return coll;
      throw new Error("Parent collection not found");
    };
    function _visit(path, item, visitor) {
      let ctrl = visitor(item, path);
      if (typeof ctrl === "symbol")
        return ctrl;
      for (const field of ["key", "value"]) {
        const token = item[field];
        if (token && "items" in token) {
          for (let i = 0; i < token.items.length; ++i) {
            const ci = _visit(Object.freeze(path.concat([[field, i]])), token.items[i], visitor);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              token.items.splice(i, 1);
              i -= 1;
            }
          }
          if (typeof ctrl === "function" && field === "key")
            ctrl = ctrl(item, path);
        }
      }
      return typeof ctrl === "function" ? ctrl(item, path) : ctrl;
    }
    exports2.visit = visit;
  }
});

// node_modules/yaml/dist/parse/cst.js
var require_cst = __commonJS({
  "node_modules/yaml/dist/parse/cst.js"(exports2) {
    "use strict";
    var cstScalar = require_cst_scalar();
    var cstStringify = require_cst_stringify();
    var cstVisit = require_cst_visit();
    var BOM = "\uFEFF";
    var DOCUMENT = "";
    var FLOW_END = "";
    var SCALAR = "";
    var isCollection = (token) => !!token && "items" in token;
    var isScalar = (token) => !!token && (token.type === "scalar" || token.type === "single-quoted-scalar" || token.type === "double-quoted-scalar" || token.type === "block-scalar");
    function prettyToken(token) {
      switch (token) {
        case BOM:
          return "<BOM>";
        case DOCUMENT:
          return "<DOC>";
        case FLOW_END:
          return "<FLOW_END>";
        case SCALAR:
          return "<SCALAR>";
        default:
          return JSON.stringify(token);
      }
    }
    function tokenType(source) {
      switch (source) {
        case BOM:
          return "byte-order-mark";
        case DOCUMENT:
          return "doc-mode";
        case FLOW_END:
          return "flow-error-end";
        case SCALAR:
          return "scalar";
        case "---":
          return "doc-start";
        case "...":
          return "doc-end";
        case "":
        case "\n":
        case "\r\n":
          return "newline";
        case "-":
          return "seq-item-ind";
        case "?":
          return "explicit-key-ind";
        case ":":
          return "map-value-ind";
        case "{":
          return "flow-map-start";
        case "}":
          return "flow-map-end";
        case "[":
          return "flow-seq-start";
        case "]":
          return "flow-seq-end";
        case ",":
          return "comma";
      }
      switch (source[0]) {
        case " ":
        case "	":
          return "space";
        case "#":
          return "comment";
        case "%":
          return "directive-line";
        case "*":
          return "alias";
        case "&":
          return "anchor";
        case "!":
          return "tag";
        case "'":
          return "single-quoted-scalar";
        case '"':
          return "double-quoted-scalar";
        case "|":
        case ">":
          return "block-scalar-header";
      }
      return null;
    }
    exports2.createScalarToken = cstScalar.createScalarToken;
    exports2.resolveAsScalar = cstScalar.resolveAsScalar;
    exports2.setScalarValue = cstScalar.setScalarValue;
    exports2.stringify = cstStringify.stringify;
    exports2.visit = cstVisit.visit;
    exports2.BOM = BOM;
    exports2.DOCUMENT = DOCUMENT;
    exports2.FLOW_END = FLOW_END;
    exports2.SCALAR = SCALAR;
    exports2.isCollection = isCollection;
    exports2.isScalar = isScalar;
    exports2.prettyToken = prettyToken;
    exports2.tokenType = tokenType;
  }
});

// node_modules/yaml/dist/parse/lexer.js
var require_lexer = __commonJS({
  "node_modules/yaml/dist/parse/lexer.js"(exports2) {
    "use strict";
    var cst = require_cst();
    function isEmpty(ch) {
      switch (ch) {
        case void 0:
        case " ":
        case "\n":
        case "\r":
        case "	":
          return true;
        default:
          return false;
      }
    }
    var hexDigits = new Set("0123456789ABCDEFabcdef");
    var tagChars = new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()");
    var flowIndicatorChars = new Set(",[]{}");
    var invalidAnchorChars = new Set(" ,[]{}\n\r	");
    var isNotAnchorChar = (ch) => !ch || invalidAnchorChars.has(ch);
    var Lexer = class {
      constructor() {
        this.atEnd = false;
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        this.buffer = "";
        this.flowKey = false;
        this.flowLevel = 0;
        this.indentNext = 0;
        this.indentValue = 0;
        this.lineEndPos = null;
        this.next = null;
        this.pos = 0;
      }
      /**
       * Generate YAML tokens from the `source` string. If `incomplete`,
       * a part of the last line may be left as a buffer for the next call.
       *
       * @returns A generator of lexical tokens
       */
      *lex(source, incomplete = false) {
        if (source) {
          if (typeof source !== "string")
            throw TypeError("source is not a string");
          this.buffer = this.buffer ? this.buffer + source : source;
          this.lineEndPos = null;
        }
        this.atEnd = !incomplete;
        let next = this.next ?? "stream";
        while (next && (incomplete || this.hasChars(1)))
          next = yield* this.parseNext(next);
      }
      atLineEnd() {
        let i = this.pos;
        let ch = this.buffer[i];
        while (ch === " " || ch === "	")
          ch = this.buffer[++i];
        if (!ch || ch === "#" || ch === "\n")
          return true;
        if (ch === "\r")
          return this.buffer[i + 1] === "\n";
        return false;
      }
      charAt(n) {
        return this.buffer[this.pos + n];
      }
      continueScalar(offset) {
        let ch = this.buffer[offset];
        if (this.indentNext > 0) {
          let indent = 0;
          while (ch === " ")
            ch = this.buffer[++indent + offset];
          if (ch === "\r") {
            const next = this.buffer[indent + offset + 1];
            if (next === "\n" || !next && !this.atEnd)
              return offset + indent + 1;
          }
          return ch === "\n" || indent >= this.indentNext || !ch && !this.atEnd ? offset + indent : -1;
        }
        if (ch === "-" || ch === ".") {
          const dt = this.buffer.substr(offset, 3);
          if ((dt === "---" || dt === "...") && isEmpty(this.buffer[offset + 3]))
            return -1;
        }
        return offset;
      }
      getLine() {
        let end = this.lineEndPos;
        if (typeof end !== "number" || end !== -1 && end < this.pos) {
          end = this.buffer.indexOf("\n", this.pos);
          this.lineEndPos = end;
        }
        if (end === -1)
          return this.atEnd ? this.buffer.substring(this.pos) : null;
        if (this.buffer[end - 1] === "\r")
          end -= 1;
        return this.buffer.substring(this.pos, end);
      }
      hasChars(n) {
        return this.pos + n <= this.buffer.length;
      }
      setNext(state) {
        this.buffer = this.buffer.substring(this.pos);
        this.pos = 0;
        this.lineEndPos = null;
        this.next = state;
        return null;
      }
      peek(n) {
        return this.buffer.substr(this.pos, n);
      }
      *parseNext(next) {
        switch (next) {
          case "stream":
            return yield* this.parseStream();
          case "line-start":
            return yield* this.parseLineStart();
          case "block-start":
            return yield* this.parseBlockStart();
          case "doc":
            return yield* this.parseDocument();
          case "flow":
            return yield* this.parseFlowCollection();
          case "quoted-scalar":
            return yield* this.parseQuotedScalar();
          case "block-scalar":
            return yield* this.parseBlockScalar();
          case "plain-scalar":
            return yield* this.parsePlainScalar();
        }
      }
      *parseStream() {
        let line = this.getLine();
        if (line === null)
          return this.setNext("stream");
        if (line[0] === cst.BOM) {
          yield* this.pushCount(1);
          line = line.substring(1);
        }
        if (line[0] === "%") {
          let dirEnd = line.length;
          let cs = line.indexOf("#");
          while (cs !== -1) {
            const ch = line[cs - 1];
            if (ch === " " || ch === "	") {
              dirEnd = cs - 1;
              break;
            } else {
              cs = line.indexOf("#", cs + 1);
            }
          }
          while (true) {
            const ch = line[dirEnd - 1];
            if (ch === " " || ch === "	")
              dirEnd -= 1;
            else
              break;
          }
          const n = (yield* this.pushCount(dirEnd)) + (yield* this.pushSpaces(true));
          yield* this.pushCount(line.length - n);
          this.pushNewline();
          return "stream";
        }
        if (this.atLineEnd()) {
          const sp = yield* this.pushSpaces(true);
          yield* this.pushCount(line.length - sp);
          yield* this.pushNewline();
          return "stream";
        }
        yield cst.DOCUMENT;
        return yield* this.parseLineStart();
      }
      *parseLineStart() {
        const ch = this.charAt(0);
        if (!ch && !this.atEnd)
          return this.setNext("line-start");
        if (ch === "-" || ch === ".") {
          if (!this.atEnd && !this.hasChars(4))
            return this.setNext("line-start");
          const s = this.peek(3);
          if ((s === "---" || s === "...") && isEmpty(this.charAt(3))) {
            yield* this.pushCount(3);
            this.indentValue = 0;
            this.indentNext = 0;
            return s === "---" ? "doc" : "stream";
          }
        }
        this.indentValue = yield* this.pushSpaces(false);
        if (this.indentNext > this.indentValue && !isEmpty(this.charAt(1)))
          this.indentNext = this.indentValue;
        return yield* this.parseBlockStart();
      }
      *parseBlockStart() {
        const [ch0, ch1] = this.peek(2);
        if (!ch1 && !this.atEnd)
          return this.setNext("block-start");
        if ((ch0 === "-" || ch0 === "?" || ch0 === ":") && isEmpty(ch1)) {
          const n = (yield* this.pushCount(1)) + (yield* this.pushSpaces(true));
          this.indentNext = this.indentValue + 1;
          this.indentValue += n;
          return "block-start";
        }
        return "doc";
      }
      *parseDocument() {
        yield* this.pushSpaces(true);
        const line = this.getLine();
        if (line === null)
          return this.setNext("doc");
        let n = yield* this.pushIndicators();
        switch (line[n]) {
          case "#":
            yield* this.pushCount(line.length - n);
          // fallthrough
          case void 0:
            yield* this.pushNewline();
            return yield* this.parseLineStart();
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel = 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            return "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "doc";
          case '"':
          case "'":
            return yield* this.parseQuotedScalar();
          case "|":
          case ">":
            n += yield* this.parseBlockScalarHeader();
            n += yield* this.pushSpaces(true);
            yield* this.pushCount(line.length - n);
            yield* this.pushNewline();
            return yield* this.parseBlockScalar();
          default:
            return yield* this.parsePlainScalar();
        }
      }
      *parseFlowCollection() {
        let nl, sp;
        let indent = -1;
        do {
          nl = yield* this.pushNewline();
          if (nl > 0) {
            sp = yield* this.pushSpaces(false);
            this.indentValue = indent = sp;
          } else {
            sp = 0;
          }
          sp += yield* this.pushSpaces(true);
        } while (nl + sp > 0);
        const line = this.getLine();
        if (line === null)
          return this.setNext("flow");
        if (indent !== -1 && indent < this.indentNext && line[0] !== "#" || indent === 0 && (line.startsWith("---") || line.startsWith("...")) && isEmpty(line[3])) {
          const atFlowEndMarker = indent === this.indentNext - 1 && this.flowLevel === 1 && (line[0] === "]" || line[0] === "}");
          if (!atFlowEndMarker) {
            this.flowLevel = 0;
            yield cst.FLOW_END;
            return yield* this.parseLineStart();
          }
        }
        let n = 0;
        while (line[n] === ",") {
          n += yield* this.pushCount(1);
          n += yield* this.pushSpaces(true);
          this.flowKey = false;
        }
        n += yield* this.pushIndicators();
        switch (line[n]) {
          case void 0:
            return "flow";
          case "#":
            yield* this.pushCount(line.length - n);
            return "flow";
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel += 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            this.flowKey = true;
            this.flowLevel -= 1;
            return this.flowLevel ? "flow" : "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "flow";
          case '"':
          case "'":
            this.flowKey = true;
            return yield* this.parseQuotedScalar();
          case ":": {
            const next = this.charAt(1);
            if (this.flowKey || isEmpty(next) || next === ",") {
              this.flowKey = false;
              yield* this.pushCount(1);
              yield* this.pushSpaces(true);
              return "flow";
            }
          }
          // fallthrough
          default:
            this.flowKey = false;
            return yield* this.parsePlainScalar();
        }
      }
      *parseQuotedScalar() {
        const quote = this.charAt(0);
        let end = this.buffer.indexOf(quote, this.pos + 1);
        if (quote === "'") {
          while (end !== -1 && this.buffer[end + 1] === "'")
            end = this.buffer.indexOf("'", end + 2);
        } else {
          while (end !== -1) {
            let n = 0;
            while (this.buffer[end - 1 - n] === "\\")
              n += 1;
            if (n % 2 === 0)
              break;
            end = this.buffer.indexOf('"', end + 1);
          }
        }
        const qb = this.buffer.substring(0, end);
        let nl = qb.indexOf("\n", this.pos);
        if (nl !== -1) {
          while (nl !== -1) {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = qb.indexOf("\n", cs);
          }
          if (nl !== -1) {
            end = nl - (qb[nl - 1] === "\r" ? 2 : 1);
          }
        }
        if (end === -1) {
          if (!this.atEnd)
            return this.setNext("quoted-scalar");
          end = this.buffer.length;
        }
        yield* this.pushToIndex(end + 1, false);
        return this.flowLevel ? "flow" : "doc";
      }
      *parseBlockScalarHeader() {
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        let i = this.pos;
        while (true) {
          const ch = this.buffer[++i];
          if (ch === "+")
            this.blockScalarKeep = true;
          else if (ch > "0" && ch <= "9")
            this.blockScalarIndent = Number(ch) - 1;
          else if (ch !== "-")
            break;
        }
        return yield* this.pushUntil((ch) => isEmpty(ch) || ch === "#");
      }
      *parseBlockScalar() {
        let nl = this.pos - 1;
        let indent = 0;
        let ch;
        loop: for (let i2 = this.pos; ch = this.buffer[i2]; ++i2) {
          switch (ch) {
            case " ":
              indent += 1;
              break;
            case "\n":
              nl = i2;
              indent = 0;
              break;
            case "\r": {
              const next = this.buffer[i2 + 1];
              if (!next && !this.atEnd)
                return this.setNext("block-scalar");
              if (next === "\n")
                break;
            }
            // fallthrough
            default:
              break loop;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("block-scalar");
        if (indent >= this.indentNext) {
          if (this.blockScalarIndent === -1)
            this.indentNext = indent;
          else {
            this.indentNext = this.blockScalarIndent + (this.indentNext === 0 ? 1 : this.indentNext);
          }
          do {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = this.buffer.indexOf("\n", cs);
          } while (nl !== -1);
          if (nl === -1) {
            if (!this.atEnd)
              return this.setNext("block-scalar");
            nl = this.buffer.length;
          }
        }
        let i = nl + 1;
        ch = this.buffer[i];
        while (ch === " ")
          ch = this.buffer[++i];
        if (ch === "	") {
          while (ch === "	" || ch === " " || ch === "\r" || ch === "\n")
            ch = this.buffer[++i];
          nl = i - 1;
        } else if (!this.blockScalarKeep) {
          do {
            let i2 = nl - 1;
            let ch2 = this.buffer[i2];
            if (ch2 === "\r")
              ch2 = this.buffer[--i2];
            const lastChar = i2;
            while (ch2 === " ")
              ch2 = this.buffer[--i2];
            if (ch2 === "\n" && i2 >= this.pos && i2 + 1 + indent > lastChar)
              nl = i2;
            else
              break;
          } while (true);
        }
        yield cst.SCALAR;
        yield* this.pushToIndex(nl + 1, true);
        return yield* this.parseLineStart();
      }
      *parsePlainScalar() {
        const inFlow = this.flowLevel > 0;
        let end = this.pos - 1;
        let i = this.pos - 1;
        let ch;
        while (ch = this.buffer[++i]) {
          if (ch === ":") {
            const next = this.buffer[i + 1];
            if (isEmpty(next) || inFlow && flowIndicatorChars.has(next))
              break;
            end = i;
          } else if (isEmpty(ch)) {
            let next = this.buffer[i + 1];
            if (ch === "\r") {
              if (next === "\n") {
                i += 1;
                ch = "\n";
                next = this.buffer[i + 1];
              } else
                end = i;
            }
            if (next === "#" || inFlow && flowIndicatorChars.has(next))
              break;
            if (ch === "\n") {
              const cs = this.continueScalar(i + 1);
              if (cs === -1)
                break;
              i = Math.max(i, cs - 2);
            }
          } else {
            if (inFlow && flowIndicatorChars.has(ch))
              break;
            end = i;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("plain-scalar");
        yield cst.SCALAR;
        yield* this.pushToIndex(end + 1, true);
        return inFlow ? "flow" : "doc";
      }
      *pushCount(n) {
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos += n;
          return n;
        }
        return 0;
      }
      *pushToIndex(i, allowEmpty) {
        const s = this.buffer.slice(this.pos, i);
        if (s) {
          yield s;
          this.pos += s.length;
          return s.length;
        } else if (allowEmpty)
          yield "";
        return 0;
      }
      *pushIndicators() {
        let n = 0;
        loop: while (true) {
          switch (this.charAt(0)) {
            case "!":
              n += yield* this.pushTag();
              n += yield* this.pushSpaces(true);
              continue loop;
            case "&":
              n += yield* this.pushUntil(isNotAnchorChar);
              n += yield* this.pushSpaces(true);
              continue loop;
            case "-":
            // this is an error
            case "?":
            // this is an error outside flow collections
            case ":": {
              const inFlow = this.flowLevel > 0;
              const ch1 = this.charAt(1);
              if (isEmpty(ch1) || inFlow && flowIndicatorChars.has(ch1)) {
                if (!inFlow)
                  this.indentNext = this.indentValue + 1;
                else if (this.flowKey)
                  this.flowKey = false;
                n += yield* this.pushCount(1);
                n += yield* this.pushSpaces(true);
                continue loop;
              }
            }
          }
          break loop;
        }
        return n;
      }
      *pushTag() {
        if (this.charAt(1) === "<") {
          let i = this.pos + 2;
          let ch = this.buffer[i];
          while (!isEmpty(ch) && ch !== ">")
            ch = this.buffer[++i];
          return yield* this.pushToIndex(ch === ">" ? i + 1 : i, false);
        } else {
          let i = this.pos + 1;
          let ch = this.buffer[i];
          while (ch) {
            if (tagChars.has(ch))
              ch = this.buffer[++i];
            else if (ch === "%" && hexDigits.has(this.buffer[i + 1]) && hexDigits.has(this.buffer[i + 2])) {
              ch = this.buffer[i += 3];
            } else
              break;
          }
          return yield* this.pushToIndex(i, false);
        }
      }
      *pushNewline() {
        const ch = this.buffer[this.pos];
        if (ch === "\n")
          return yield* this.pushCount(1);
        else if (ch === "\r" && this.charAt(1) === "\n")
          return yield* this.pushCount(2);
        else
          return 0;
      }
      *pushSpaces(allowTabs) {
        let i = this.pos - 1;
        let ch;
        do {
          ch = this.buffer[++i];
        } while (ch === " " || allowTabs && ch === "	");
        const n = i - this.pos;
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos = i;
        }
        return n;
      }
      *pushUntil(test) {
        let i = this.pos;
        let ch = this.buffer[i];
        while (!test(ch))
          ch = this.buffer[++i];
        return yield* this.pushToIndex(i, false);
      }
    };
    exports2.Lexer = Lexer;
  }
});

// node_modules/yaml/dist/parse/line-counter.js
var require_line_counter = __commonJS({
  "node_modules/yaml/dist/parse/line-counter.js"(exports2) {
    "use strict";
    var LineCounter = class {
      constructor() {
        this.lineStarts = [];
        this.addNewLine = (offset) => this.lineStarts.push(offset);
        this.linePos = (offset) => {
          let low = 0;
          let high = this.lineStarts.length;
          while (low < high) {
            const mid = low + high >> 1;
            if (this.lineStarts[mid] < offset)
              low = mid + 1;
            else
              high = mid;
          }
          if (this.lineStarts[low] === offset)
            return { line: low + 1, col: 1 };
          if (low === 0)
            return { line: 0, col: offset };
          const start2 = this.lineStarts[low - 1];
          return { line: low, col: offset - start2 + 1 };
        };
      }
    };
    exports2.LineCounter = LineCounter;
  }
});

// node_modules/yaml/dist/parse/parser.js
var require_parser = __commonJS({
  "node_modules/yaml/dist/parse/parser.js"(exports2) {
    "use strict";
    var node_process = require("process");
    var cst = require_cst();
    var lexer = require_lexer();
    function includesToken(list, type) {
      for (let i = 0; i < list.length; ++i)
        if (list[i].type === type)
          return true;
      return false;
    }
    function findNonEmptyIndex(list) {
      for (let i = 0; i < list.length; ++i) {
        switch (list[i].type) {
          case "space":
          case "comment":
          case "newline":
            break;
          default:
            return i;
        }
      }
      return -1;
    }
    function isFlowToken(token) {
      switch (token?.type) {
        case "alias":
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "flow-collection":
          return true;
        default:
          return false;
      }
    }
    function getPrevProps(parent) {
      switch (parent.type) {
        case "document":
          return parent.start;
        case "block-map": {
          const it = parent.items[parent.items.length - 1];
          return it.sep ?? it.start;
        }
        case "block-seq":
          return parent.items[parent.items.length - 1].start;
        /* istanbul ignore next should not happen */
        default:
          return [];
      }
    }
    function getFirstKeyStartProps(prev) {
      if (prev.length === 0)
        return [];
      let i = prev.length;
      loop: while (--i >= 0) {
        switch (prev[i].type) {
          case "doc-start":
          case "explicit-key-ind":
          case "map-value-ind":
          case "seq-item-ind":
          case "newline":
            break loop;
        }
      }
      while (prev[++i]?.type === "space") {
      }
      return prev.splice(i, prev.length);
    }
    function arrayPushArray(target, source) {
      if (source.length < 1e5)
        Array.prototype.push.apply(target, source);
      else
        for (let i = 0; i < source.length; ++i)
          target.push(source[i]);
    }
    function fixFlowSeqItems(fc) {
      if (fc.start.type === "flow-seq-start") {
        for (const it of fc.items) {
          if (it.sep && !it.value && !includesToken(it.start, "explicit-key-ind") && !includesToken(it.sep, "map-value-ind")) {
            if (it.key)
              it.value = it.key;
            delete it.key;
            if (isFlowToken(it.value)) {
              if (it.value.end)
                arrayPushArray(it.value.end, it.sep);
              else
                it.value.end = it.sep;
            } else
              arrayPushArray(it.start, it.sep);
            delete it.sep;
          }
        }
      }
    }
    var Parser = class {
      /**
       * @param onNewLine - If defined, called separately with the start position of
       *   each new line (in `parse()`, including the start of input).
       */
      constructor(onNewLine) {
        this.atNewLine = true;
        this.atScalar = false;
        this.indent = 0;
        this.offset = 0;
        this.onKeyLine = false;
        this.stack = [];
        this.source = "";
        this.type = "";
        this.lexer = new lexer.Lexer();
        this.onNewLine = onNewLine;
      }
      /**
       * Parse `source` as a YAML stream.
       * If `incomplete`, a part of the last line may be left as a buffer for the next call.
       *
       * Errors are not thrown, but yielded as `{ type: 'error', message }` tokens.
       *
       * @returns A generator of tokens representing each directive, document, and other structure.
       */
      *parse(source, incomplete = false) {
        if (this.onNewLine && this.offset === 0)
          this.onNewLine(0);
        for (const lexeme of this.lexer.lex(source, incomplete))
          yield* this.next(lexeme);
        if (!incomplete)
          yield* this.end();
      }
      /**
       * Advance the parser by the `source` of one lexical token.
       */
      *next(source) {
        this.source = source;
        if (node_process.env.LOG_TOKENS)
          console.log("|", cst.prettyToken(source));
        if (this.atScalar) {
          this.atScalar = false;
          yield* this.step();
          this.offset += source.length;
          return;
        }
        const type = cst.tokenType(source);
        if (!type) {
          const message2 = `Not a YAML token: ${source}`;
          yield* this.pop({ type: "error", offset: this.offset, message: message2, source });
          this.offset += source.length;
        } else if (type === "scalar") {
          this.atNewLine = false;
          this.atScalar = true;
          this.type = "scalar";
        } else {
          this.type = type;
          yield* this.step();
          switch (type) {
            case "newline":
              this.atNewLine = true;
              this.indent = 0;
              if (this.onNewLine)
                this.onNewLine(this.offset + source.length);
              break;
            case "space":
              if (this.atNewLine && source[0] === " ")
                this.indent += source.length;
              break;
            case "explicit-key-ind":
            case "map-value-ind":
            case "seq-item-ind":
              if (this.atNewLine)
                this.indent += source.length;
              break;
            case "doc-mode":
            case "flow-error-end":
              return;
            default:
              this.atNewLine = false;
          }
          this.offset += source.length;
        }
      }
      /** Call at end of input to push out any remaining constructions */
      *end() {
        while (this.stack.length > 0)
          yield* this.pop();
      }
      get sourceToken() {
        const st = {
          type: this.type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
        return st;
      }
      *step() {
        const top = this.peek(1);
        if (this.type === "doc-end" && top?.type !== "doc-end") {
          while (this.stack.length > 0)
            yield* this.pop();
          this.stack.push({
            type: "doc-end",
            offset: this.offset,
            source: this.source
          });
          return;
        }
        if (!top)
          return yield* this.stream();
        switch (top.type) {
          case "document":
            return yield* this.document(top);
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return yield* this.scalar(top);
          case "block-scalar":
            return yield* this.blockScalar(top);
          case "block-map":
            return yield* this.blockMap(top);
          case "block-seq":
            return yield* this.blockSequence(top);
          case "flow-collection":
            return yield* this.flowCollection(top);
          case "doc-end":
            return yield* this.documentEnd(top);
        }
        yield* this.pop();
      }
      peek(n) {
        return this.stack[this.stack.length - n];
      }
      *pop(error) {
        const token = error ?? this.stack.pop();
        if (!token) {
          const message2 = "Tried to pop an empty stack";
          yield { type: "error", offset: this.offset, source: "", message: message2 };
        } else if (this.stack.length === 0) {
          yield token;
        } else {
          const top = this.peek(1);
          if (token.type === "block-scalar") {
            token.indent = "indent" in top ? top.indent : 0;
          } else if (token.type === "flow-collection" && top.type === "document") {
            token.indent = 0;
          }
          if (token.type === "flow-collection")
            fixFlowSeqItems(token);
          switch (top.type) {
            case "document":
              top.value = token;
              break;
            case "block-scalar":
              top.props.push(token);
              break;
            case "block-map": {
              const it = top.items[top.items.length - 1];
              if (it.value) {
                top.items.push({ start: [], key: token, sep: [] });
                this.onKeyLine = true;
                return;
              } else if (it.sep) {
                it.value = token;
              } else {
                Object.assign(it, { key: token, sep: [] });
                this.onKeyLine = !it.explicitKey;
                return;
              }
              break;
            }
            case "block-seq": {
              const it = top.items[top.items.length - 1];
              if (it.value)
                top.items.push({ start: [], value: token });
              else
                it.value = token;
              break;
            }
            case "flow-collection": {
              const it = top.items[top.items.length - 1];
              if (!it || it.value)
                top.items.push({ start: [], key: token, sep: [] });
              else if (it.sep)
                it.value = token;
              else
                Object.assign(it, { key: token, sep: [] });
              return;
            }
            /* istanbul ignore next should not happen */
            default:
              yield* this.pop();
              yield* this.pop(token);
          }
          if ((top.type === "document" || top.type === "block-map" || top.type === "block-seq") && (token.type === "block-map" || token.type === "block-seq")) {
            const last = token.items[token.items.length - 1];
            if (last && !last.sep && !last.value && last.start.length > 0 && findNonEmptyIndex(last.start) === -1 && (token.indent === 0 || last.start.every((st) => st.type !== "comment" || st.indent < token.indent))) {
              if (top.type === "document")
                top.end = last.start;
              else
                top.items.push({ start: last.start });
              token.items.splice(-1, 1);
            }
          }
        }
      }
      *stream() {
        switch (this.type) {
          case "directive-line":
            yield { type: "directive", offset: this.offset, source: this.source };
            return;
          case "byte-order-mark":
          case "space":
          case "comment":
          case "newline":
            yield this.sourceToken;
            return;
          case "doc-mode":
          case "doc-start": {
            const doc = {
              type: "document",
              offset: this.offset,
              start: []
            };
            if (this.type === "doc-start")
              doc.start.push(this.sourceToken);
            this.stack.push(doc);
            return;
          }
        }
        yield {
          type: "error",
          offset: this.offset,
          message: `Unexpected ${this.type} token in YAML stream`,
          source: this.source
        };
      }
      *document(doc) {
        if (doc.value)
          return yield* this.lineEnd(doc);
        switch (this.type) {
          case "doc-start": {
            if (findNonEmptyIndex(doc.start) !== -1) {
              yield* this.pop();
              yield* this.step();
            } else
              doc.start.push(this.sourceToken);
            return;
          }
          case "anchor":
          case "tag":
          case "space":
          case "comment":
          case "newline":
            doc.start.push(this.sourceToken);
            return;
        }
        const bv = this.startBlockValue(doc);
        if (bv)
          this.stack.push(bv);
        else {
          yield {
            type: "error",
            offset: this.offset,
            message: `Unexpected ${this.type} token in YAML document`,
            source: this.source
          };
        }
      }
      *scalar(scalar) {
        if (this.type === "map-value-ind") {
          const prev = getPrevProps(this.peek(2));
          const start2 = getFirstKeyStartProps(prev);
          let sep;
          if (scalar.end) {
            sep = scalar.end;
            sep.push(this.sourceToken);
            delete scalar.end;
          } else
            sep = [this.sourceToken];
          const map = {
            type: "block-map",
            offset: scalar.offset,
            indent: scalar.indent,
            items: [{ start: start2, key: scalar, sep }]
          };
          this.onKeyLine = true;
          this.stack[this.stack.length - 1] = map;
        } else
          yield* this.lineEnd(scalar);
      }
      *blockScalar(scalar) {
        switch (this.type) {
          case "space":
          case "comment":
          case "newline":
            scalar.props.push(this.sourceToken);
            return;
          case "scalar":
            scalar.source = this.source;
            this.atNewLine = true;
            this.indent = 0;
            if (this.onNewLine) {
              let nl = this.source.indexOf("\n") + 1;
              while (nl !== 0) {
                this.onNewLine(this.offset + nl);
                nl = this.source.indexOf("\n", nl) + 1;
              }
            }
            yield* this.pop();
            break;
          /* istanbul ignore next should not happen */
          default:
            yield* this.pop();
            yield* this.step();
        }
      }
      *blockMap(map) {
        const it = map.items[map.items.length - 1];
        switch (this.type) {
          case "newline":
            this.onKeyLine = false;
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              it.start.push(this.sourceToken);
            }
            return;
          case "space":
          case "comment":
            if (it.value) {
              map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              if (this.atIndentedComment(it.start, map.indent)) {
                const prev = map.items[map.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  map.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
        }
        if (this.indent >= map.indent) {
          const atMapIndent = !this.onKeyLine && this.indent === map.indent;
          const atNextItem = atMapIndent && (it.sep || it.explicitKey) && this.type !== "seq-item-ind";
          let start2 = [];
          if (atNextItem && it.sep && !it.value) {
            const nl = [];
            for (let i = 0; i < it.sep.length; ++i) {
              const st = it.sep[i];
              switch (st.type) {
                case "newline":
                  nl.push(i);
                  break;
                case "space":
                  break;
                case "comment":
                  if (st.indent > map.indent)
                    nl.length = 0;
                  break;
                default:
                  nl.length = 0;
              }
            }
            if (nl.length >= 2)
              start2 = it.sep.splice(nl[1]);
          }
          switch (this.type) {
            case "anchor":
            case "tag":
              if (atNextItem || it.value) {
                start2.push(this.sourceToken);
                map.items.push({ start: start2 });
                this.onKeyLine = true;
              } else if (it.sep) {
                it.sep.push(this.sourceToken);
              } else {
                it.start.push(this.sourceToken);
              }
              return;
            case "explicit-key-ind":
              if (!it.sep && !it.explicitKey) {
                it.start.push(this.sourceToken);
                it.explicitKey = true;
              } else if (atNextItem || it.value) {
                start2.push(this.sourceToken);
                map.items.push({ start: start2, explicitKey: true });
              } else {
                this.stack.push({
                  type: "block-map",
                  offset: this.offset,
                  indent: this.indent,
                  items: [{ start: [this.sourceToken], explicitKey: true }]
                });
              }
              this.onKeyLine = true;
              return;
            case "map-value-ind":
              if (it.explicitKey) {
                if (!it.sep) {
                  if (includesToken(it.start, "newline")) {
                    Object.assign(it, { key: null, sep: [this.sourceToken] });
                  } else {
                    const start3 = getFirstKeyStartProps(it.start);
                    this.stack.push({
                      type: "block-map",
                      offset: this.offset,
                      indent: this.indent,
                      items: [{ start: start3, key: null, sep: [this.sourceToken] }]
                    });
                  }
                } else if (it.value) {
                  map.items.push({ start: [], key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: start2, key: null, sep: [this.sourceToken] }]
                  });
                } else if (isFlowToken(it.key) && !includesToken(it.sep, "newline")) {
                  const start3 = getFirstKeyStartProps(it.start);
                  const key = it.key;
                  const sep = it.sep;
                  sep.push(this.sourceToken);
                  delete it.key;
                  delete it.sep;
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: start3, key, sep }]
                  });
                } else if (start2.length > 0) {
                  it.sep = it.sep.concat(start2, this.sourceToken);
                } else {
                  it.sep.push(this.sourceToken);
                }
              } else {
                if (!it.sep) {
                  Object.assign(it, { key: null, sep: [this.sourceToken] });
                } else if (it.value || atNextItem) {
                  map.items.push({ start: start2, key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: [], key: null, sep: [this.sourceToken] }]
                  });
                } else {
                  it.sep.push(this.sourceToken);
                }
              }
              this.onKeyLine = true;
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (atNextItem || it.value) {
                map.items.push({ start: start2, key: fs, sep: [] });
                this.onKeyLine = true;
              } else if (it.sep) {
                this.stack.push(fs);
              } else {
                Object.assign(it, { key: fs, sep: [] });
                this.onKeyLine = true;
              }
              return;
            }
            default: {
              const bv = this.startBlockValue(map);
              if (bv) {
                if (bv.type === "block-seq") {
                  if (!it.explicitKey && it.sep && !includesToken(it.sep, "newline")) {
                    yield* this.pop({
                      type: "error",
                      offset: this.offset,
                      message: "Unexpected block-seq-ind on same line with key",
                      source: this.source
                    });
                    return;
                  }
                } else if (atMapIndent) {
                  map.items.push({ start: start2 });
                }
                this.stack.push(bv);
                return;
              }
            }
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *blockSequence(seq) {
        const it = seq.items[seq.items.length - 1];
        switch (this.type) {
          case "newline":
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                seq.items.push({ start: [this.sourceToken] });
            } else
              it.start.push(this.sourceToken);
            return;
          case "space":
          case "comment":
            if (it.value)
              seq.items.push({ start: [this.sourceToken] });
            else {
              if (this.atIndentedComment(it.start, seq.indent)) {
                const prev = seq.items[seq.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  seq.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
          case "anchor":
          case "tag":
            if (it.value || this.indent <= seq.indent)
              break;
            it.start.push(this.sourceToken);
            return;
          case "seq-item-ind":
            if (this.indent !== seq.indent)
              break;
            if (it.value || includesToken(it.start, "seq-item-ind"))
              seq.items.push({ start: [this.sourceToken] });
            else
              it.start.push(this.sourceToken);
            return;
        }
        if (this.indent > seq.indent) {
          const bv = this.startBlockValue(seq);
          if (bv) {
            this.stack.push(bv);
            return;
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *flowCollection(fc) {
        const it = fc.items[fc.items.length - 1];
        if (this.type === "flow-error-end") {
          let top;
          do {
            yield* this.pop();
            top = this.peek(1);
          } while (top?.type === "flow-collection");
        } else if (fc.end.length === 0) {
          switch (this.type) {
            case "comma":
            case "explicit-key-ind":
              if (!it || it.sep)
                fc.items.push({ start: [this.sourceToken] });
              else
                it.start.push(this.sourceToken);
              return;
            case "map-value-ind":
              if (!it || it.value)
                fc.items.push({ start: [], key: null, sep: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                Object.assign(it, { key: null, sep: [this.sourceToken] });
              return;
            case "space":
            case "comment":
            case "newline":
            case "anchor":
            case "tag":
              if (!it || it.value)
                fc.items.push({ start: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                it.start.push(this.sourceToken);
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (!it || it.value)
                fc.items.push({ start: [], key: fs, sep: [] });
              else if (it.sep)
                this.stack.push(fs);
              else
                Object.assign(it, { key: fs, sep: [] });
              return;
            }
            case "flow-map-end":
            case "flow-seq-end":
              fc.end.push(this.sourceToken);
              return;
          }
          const bv = this.startBlockValue(fc);
          if (bv)
            this.stack.push(bv);
          else {
            yield* this.pop();
            yield* this.step();
          }
        } else {
          const parent = this.peek(2);
          if (parent.type === "block-map" && (this.type === "map-value-ind" && parent.indent === fc.indent || this.type === "newline" && !parent.items[parent.items.length - 1].sep)) {
            yield* this.pop();
            yield* this.step();
          } else if (this.type === "map-value-ind" && parent.type !== "flow-collection") {
            const prev = getPrevProps(parent);
            const start2 = getFirstKeyStartProps(prev);
            fixFlowSeqItems(fc);
            const sep = fc.end.splice(1, fc.end.length);
            sep.push(this.sourceToken);
            const map = {
              type: "block-map",
              offset: fc.offset,
              indent: fc.indent,
              items: [{ start: start2, key: fc, sep }]
            };
            this.onKeyLine = true;
            this.stack[this.stack.length - 1] = map;
          } else {
            yield* this.lineEnd(fc);
          }
        }
      }
      flowScalar(type) {
        if (this.onNewLine) {
          let nl = this.source.indexOf("\n") + 1;
          while (nl !== 0) {
            this.onNewLine(this.offset + nl);
            nl = this.source.indexOf("\n", nl) + 1;
          }
        }
        return {
          type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
      }
      startBlockValue(parent) {
        switch (this.type) {
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return this.flowScalar(this.type);
          case "block-scalar-header":
            return {
              type: "block-scalar",
              offset: this.offset,
              indent: this.indent,
              props: [this.sourceToken],
              source: ""
            };
          case "flow-map-start":
          case "flow-seq-start":
            return {
              type: "flow-collection",
              offset: this.offset,
              indent: this.indent,
              start: this.sourceToken,
              items: [],
              end: []
            };
          case "seq-item-ind":
            return {
              type: "block-seq",
              offset: this.offset,
              indent: this.indent,
              items: [{ start: [this.sourceToken] }]
            };
          case "explicit-key-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start2 = getFirstKeyStartProps(prev);
            start2.push(this.sourceToken);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start: start2, explicitKey: true }]
            };
          }
          case "map-value-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start2 = getFirstKeyStartProps(prev);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start: start2, key: null, sep: [this.sourceToken] }]
            };
          }
        }
        return null;
      }
      atIndentedComment(start2, indent) {
        if (this.type !== "comment")
          return false;
        if (this.indent <= indent)
          return false;
        return start2.every((st) => st.type === "newline" || st.type === "space");
      }
      *documentEnd(docEnd) {
        if (this.type !== "doc-mode") {
          if (docEnd.end)
            docEnd.end.push(this.sourceToken);
          else
            docEnd.end = [this.sourceToken];
          if (this.type === "newline")
            yield* this.pop();
        }
      }
      *lineEnd(token) {
        switch (this.type) {
          case "comma":
          case "doc-start":
          case "doc-end":
          case "flow-seq-end":
          case "flow-map-end":
          case "map-value-ind":
            yield* this.pop();
            yield* this.step();
            break;
          case "newline":
            this.onKeyLine = false;
          // fallthrough
          case "space":
          case "comment":
          default:
            if (token.end)
              token.end.push(this.sourceToken);
            else
              token.end = [this.sourceToken];
            if (this.type === "newline")
              yield* this.pop();
        }
      }
    };
    exports2.Parser = Parser;
  }
});

// node_modules/yaml/dist/public-api.js
var require_public_api = __commonJS({
  "node_modules/yaml/dist/public-api.js"(exports2) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var errors = require_errors();
    var log = require_log();
    var identity = require_identity();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    function parseOptions(options2) {
      const prettyErrors = options2.prettyErrors !== false;
      const lineCounter$1 = options2.lineCounter || prettyErrors && new lineCounter.LineCounter() || null;
      return { lineCounter: lineCounter$1, prettyErrors };
    }
    function parseAllDocuments(source, options2 = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options2);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options2);
      const docs = Array.from(composer$1.compose(parser$1.parse(source)));
      if (prettyErrors && lineCounter2)
        for (const doc of docs) {
          doc.errors.forEach(errors.prettifyError(source, lineCounter2));
          doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
        }
      if (docs.length > 0)
        return docs;
      return Object.assign([], { empty: true }, composer$1.streamInfo());
    }
    function parseDocument(source, options2 = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options2);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options2);
      let doc = null;
      for (const _doc of composer$1.compose(parser$1.parse(source), true, source.length)) {
        if (!doc)
          doc = _doc;
        else if (doc.options.logLevel !== "silent") {
          doc.errors.push(new errors.YAMLParseError(_doc.range.slice(0, 2), "MULTIPLE_DOCS", "Source contains multiple documents; please use YAML.parseAllDocuments()"));
          break;
        }
      }
      if (prettyErrors && lineCounter2) {
        doc.errors.forEach(errors.prettifyError(source, lineCounter2));
        doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
      }
      return doc;
    }
    function parse2(src, reviver, options2) {
      let _reviver = void 0;
      if (typeof reviver === "function") {
        _reviver = reviver;
      } else if (options2 === void 0 && reviver && typeof reviver === "object") {
        options2 = reviver;
      }
      const doc = parseDocument(src, options2);
      if (!doc)
        return null;
      doc.warnings.forEach((warning) => log.warn(doc.options.logLevel, warning));
      if (doc.errors.length > 0) {
        if (doc.options.logLevel !== "silent")
          throw doc.errors[0];
        else
          doc.errors = [];
      }
      return doc.toJS(Object.assign({ reviver: _reviver }, options2));
    }
    function stringify(value, replacer, options2) {
      let _replacer = null;
      if (typeof replacer === "function" || Array.isArray(replacer)) {
        _replacer = replacer;
      } else if (options2 === void 0 && replacer) {
        options2 = replacer;
      }
      if (typeof options2 === "string")
        options2 = options2.length;
      if (typeof options2 === "number") {
        const indent = Math.round(options2);
        options2 = indent < 1 ? void 0 : indent > 8 ? { indent: 8 } : { indent };
      }
      if (value === void 0) {
        const { keepUndefined } = options2 ?? replacer ?? {};
        if (!keepUndefined)
          return void 0;
      }
      if (identity.isDocument(value) && !_replacer)
        return value.toString(options2);
      return new Document.Document(value, _replacer, options2).toString(options2);
    }
    exports2.parse = parse2;
    exports2.parseAllDocuments = parseAllDocuments;
    exports2.parseDocument = parseDocument;
    exports2.stringify = stringify;
  }
});

// node_modules/yaml/dist/index.js
var require_dist = __commonJS({
  "node_modules/yaml/dist/index.js"(exports2) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var Schema = require_Schema();
    var errors = require_errors();
    var Alias = require_Alias();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var cst = require_cst();
    var lexer = require_lexer();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    var publicApi = require_public_api();
    var visit = require_visit();
    exports2.Composer = composer.Composer;
    exports2.Document = Document.Document;
    exports2.Schema = Schema.Schema;
    exports2.YAMLError = errors.YAMLError;
    exports2.YAMLParseError = errors.YAMLParseError;
    exports2.YAMLWarning = errors.YAMLWarning;
    exports2.Alias = Alias.Alias;
    exports2.isAlias = identity.isAlias;
    exports2.isCollection = identity.isCollection;
    exports2.isDocument = identity.isDocument;
    exports2.isMap = identity.isMap;
    exports2.isNode = identity.isNode;
    exports2.isPair = identity.isPair;
    exports2.isScalar = identity.isScalar;
    exports2.isSeq = identity.isSeq;
    exports2.Pair = Pair.Pair;
    exports2.Scalar = Scalar.Scalar;
    exports2.YAMLMap = YAMLMap.YAMLMap;
    exports2.YAMLSeq = YAMLSeq.YAMLSeq;
    exports2.CST = cst;
    exports2.Lexer = lexer.Lexer;
    exports2.LineCounter = lineCounter.LineCounter;
    exports2.Parser = parser.Parser;
    exports2.parse = publicApi.parse;
    exports2.parseAllDocuments = publicApi.parseAllDocuments;
    exports2.parseDocument = publicApi.parseDocument;
    exports2.stringify = publicApi.stringify;
    exports2.visit = visit.visit;
    exports2.visitAsync = visit.visitAsync;
  }
});

// engine/testing.ts
var import_node_fs8 = require("node:fs");
var import_node_os2 = require("node:os");
var import_node_path9 = require("node:path");
var import_esbuild = require("esbuild");

// engine/engine.ts
var import_node_fs7 = require("node:fs");
var import_node_path8 = require("node:path");

// model/errors.ts
var UserError = class extends Error {
  problems;
  constructor(problems) {
    const list = typeof problems === "string" ? [problems] : problems;
    super(list.join("\n"));
    this.name = "UserError";
    this.problems = list;
  }
};

// engine/checkpoint.ts
var import_node_crypto3 = require("node:crypto");
var import_promises = require("node:fs/promises");
var import_node_path2 = require("node:path");

// engine/crypter.ts
var import_node_crypto = require("node:crypto");
var import_node_util = require("node:util");
var ROUNDS = 1e6;
var CHECK_TEXT = "pulumi";
var NONCE_BYTES = 12;
var TAG_BYTES = 16;
var keys = /* @__PURE__ */ new Map();
function deriveKey(passphrase, salt) {
  const at = `${salt.toString("base64")}:${passphrase}`;
  let key = keys.get(at);
  if (!key) {
    key = (0, import_node_util.promisify)(import_node_crypto.pbkdf2)(passphrase, salt, ROUNDS, 32, "sha256");
    keys.set(at, key);
  }
  return key;
}
var Crypter = class _Crypter {
  constructor(key, salt) {
    this.key = key;
    this.salt = salt;
  }
  key;
  salt;
  /** Opens the secrets of a checkpoint, or starts new ones. Throws UserError when the passphrase is another one. */
  static async open(passphrase, salt) {
    if (salt === void 0) {
      const bytes = (0, import_node_crypto.randomBytes)(8);
      const key = await deriveKey(passphrase, bytes);
      const head = `v1:${bytes.toString("base64")}`;
      return new _Crypter(key, `${head}:${encryptWith(key, CHECK_TEXT)}`);
    }
    const [, text2, ...check2] = salt.split(":");
    const crypter = new _Crypter(await deriveKey(passphrase, Buffer.from(text2 ?? "", "base64")), salt);
    try {
      if (crypter.decrypt(check2.join(":")) === CHECK_TEXT) return crypter;
    } catch {
    }
    throw new UserError("the passphrase does not open this stack's secrets: give the one it was created with");
  }
  encrypt(text2) {
    return encryptWith(this.key, text2);
  }
  /** Throws when the text was not written with this key. */
  decrypt(text2) {
    const [version, nonce, body] = text2.split(":");
    if (version !== "v1" || !nonce || !body) throw new Error("unknown form of ciphertext");
    const bytes = Buffer.from(body, "base64");
    const d = (0, import_node_crypto.createDecipheriv)("aes-256-gcm", this.key, Buffer.from(nonce, "base64"));
    d.setAuthTag(bytes.subarray(-TAG_BYTES));
    return d.update(bytes.subarray(0, -TAG_BYTES), void 0, "utf8") + d.final("utf8");
  }
};
function encryptWith(key, text2) {
  const nonce = (0, import_node_crypto.randomBytes)(NONCE_BYTES);
  const c = (0, import_node_crypto.createCipheriv)("aes-256-gcm", key, nonce);
  const body = Buffer.concat([c.update(text2, "utf8"), c.final(), c.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${body.toString("base64")}`;
}

// engine/values.ts
var import_node_crypto2 = require("node:crypto");
var import_node_fs = require("node:fs");
var import_node_path = require("node:path");
var SIG = "4dabf18193072939515e22adb298388d";
var SECRET = "1b47061264138c4ac30d75fd1eb44270";
var ASSET = "c44067f5952c0a294b673a41bacd8c17";
var ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
var RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
var OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
var UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
var UNKNOWNS = /* @__PURE__ */ new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"
]);
var isUnknown = (v) => typeof v === "string" && UNKNOWNS.has(v);
var isObject = (v) => typeof v === "object" && v !== null && !Array.isArray(v);
var isSecret = (v) => isObject(v) && v[SIG] === SECRET;
var isSpecial = (v, sig) => isObject(v) && v[SIG] === sig;
var secret = (value) => isSecret(value) ? value : { [SIG]: SECRET, value };
function plain(v) {
  return isSecret(v) ? v.value : v;
}
function transform(v, f) {
  const replaced = f(v);
  if (replaced !== void 0) return replaced;
  if (Array.isArray(v)) return v.map((x) => transform(x, f));
  if (isObject(v)) return mapProps(v, (x) => transform(x, f));
  return v;
}
function mapProps(p, f) {
  const out = {};
  for (const key of Object.keys(p)) {
    const v = f(p[key], key);
    if (v !== void 0) out[key] = v;
  }
  return out;
}
function hasUnknown(v) {
  if (typeof v === "string") return UNKNOWNS.has(v);
  if (Array.isArray(v)) return v.some(hasUnknown);
  if (isObject(v)) return Object.values(v).some(hasUnknown);
  return false;
}
function hasSecret(v) {
  if (Array.isArray(v)) return v.some(hasSecret);
  if (isObject(v)) return v[SIG] === SECRET || Object.values(v).some(hasSecret);
  return false;
}
function unwrapSecrets(v) {
  return hasSecret(v) ? transform(v, (x) => isSecret(x) ? unwrapSecrets(x.value) : void 0) : v;
}
function deepEqual(a, b) {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((x, i) => deepEqual(x, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  if (a[SIG] === ASSET && b[SIG] === ASSET && a.hash && b.hash) return a.hash === b.hash;
  const keys2 = Object.keys(a);
  return keys2.length === Object.keys(b).length && keys2.every((k) => k in b && deepEqual(a[k], b[k]));
}
function sameValue(a, b) {
  return deepEqual(a === void 0 ? a : unwrapSecrets(a), b === void 0 ? b : unwrapSecrets(b));
}
function normaliseAssets(props, dir) {
  return transform(props, (v) => {
    if (!isObject(v)) return void 0;
    if (v[SIG] === ASSET) return normaliseAsset(v, dir);
    if (v[SIG] === ARCHIVE) return normaliseArchive(v, dir);
    return v[SIG] === OUTPUT ? outputValue(v, dir) : void 0;
  });
}
function normaliseAsset(v, dir) {
  const sha = (x) => (0, import_node_crypto2.createHash)("sha256").update(x).digest("hex");
  const kept = { [SIG]: ASSET };
  for (const k of ["hash", "path", "text", "uri"]) if (v[k] !== void 0 && v[k] !== "") kept[k] = v[k];
  if (kept.uri === void 0 && kept.path === void 0) {
    kept.text = v.text ?? "";
    kept.hash = sha(kept.text);
  } else if (typeof kept.path === "string") {
    kept.hash = sha((0, import_node_fs.readFileSync)((0, import_node_path.resolve)(dir, kept.path)));
  }
  return kept;
}
function normaliseArchive(v, dir) {
  const kept = { [SIG]: ARCHIVE };
  if (isObject(v.assets)) kept.assets = normaliseAssets(v.assets, dir);
  for (const k of ["hash", "path", "uri"]) if (v[k] !== void 0 && v[k] !== "") kept[k] = v[k];
  if (kept.assets) kept.hash = (0, import_node_crypto2.createHash)("sha256").update(JSON.stringify(kept.assets)).digest("hex");
  return kept;
}
function outputValue(v, dir) {
  const inner = v.value === void 0 ? UNKNOWN : normaliseAssets({ v: v.value }, dir).v;
  return v.secret === true ? secret(inner) : inner;
}
function elideAssets(v) {
  return transform(
    v,
    (x) => isSpecial(x, ASSET) && x.hash ? { [SIG]: ASSET, hash: x.hash } : void 0
  );
}
function unwrapReferences(v) {
  return transform(
    v,
    (x) => isSpecial(x, RESOURCE) ? "id" in x ? x.id === "" ? UNKNOWN : x.id : x.urn : void 0
  );
}
function markSecrets(outputs, inputs, additional) {
  const names = Object.keys(outputs).filter(
    (k) => !isSecret(outputs[k]) && (isSecret(inputs[k]) || additional.includes(k))
  );
  if (names.length === 0) return outputs;
  return mapProps(outputs, (v, k) => names.includes(k) ? secret(v) : v);
}
function mask(v) {
  return transform(v, (x) => {
    if (isSecret(x)) return { [SIG]: SECRET, ciphertext: "[secret]" };
    if (isSpecial(x, ASSET) && typeof x.text === "string") return { ...x, text: "<contents elided>" };
    return void 0;
  });
}
function display(v) {
  if (v === void 0) return void 0;
  return transform(v, (x) => isSecret(x) ? "[secret]" : isUnknown(x) ? "[unknown]" : void 0);
}

// engine/state.ts
function emptyState(given) {
  return {
    id: "",
    inputs: {},
    outputs: {},
    parent: "",
    provider: "",
    protect: false,
    retainOnDelete: false,
    external: false,
    delete: false,
    pendingReplacement: false,
    dependencies: [],
    propertyDependencies: {},
    initErrors: [],
    additionalSecretOutputs: [],
    customTimeouts: {},
    importID: "",
    deletedWith: "",
    replaceWith: [],
    ignoreChanges: [],
    replaceOnChanges: [],
    created: "",
    modified: "",
    rest: {},
    ...given
  };
}
function references(s) {
  const out = [...s.dependencies, ...Object.values(s.propertyDependencies).flat(), ...s.replaceWith];
  if (s.parent) out.push(s.parent);
  if (s.deletedWith) out.push(s.deletedWith);
  if (s.provider) out.push(s.provider.slice(0, s.provider.lastIndexOf("::")));
  return out;
}
var SecretBook = class {
  constructor(crypter) {
    this.crypter = crypter;
  }
  crypter;
  known = /* @__PURE__ */ new Map();
  encrypt(owner, text2) {
    const at = `${owner}
${text2}`;
    let ciphertext = this.known.get(at);
    if (ciphertext === void 0) {
      ciphertext = this.crypter.encrypt(text2);
      this.known.set(at, ciphertext);
    }
    return ciphertext;
  }
  decrypt(owner, ciphertext) {
    const text2 = this.crypter.decrypt(ciphertext);
    this.known.set(`${owner}
${text2}`, ciphertext);
    return text2;
  }
};
function seal(v, owner, book) {
  if (Array.isArray(v)) return v.map((x) => seal(x, owner, book));
  if (!isObject(v)) return v;
  if (v[SIG] === SECRET) {
    const text2 = JSON.stringify(seal(v.value ?? null, owner, book));
    return { [SIG]: SECRET, ciphertext: book.encrypt(owner, text2) };
  }
  const out = {};
  for (const k of Object.keys(v).sort()) out[k] = seal(v[k], owner, book);
  return out;
}
function unseal(v, owner, book) {
  if (Array.isArray(v)) return v.map((x) => unseal(x, owner, book));
  if (!isObject(v)) return v;
  if (v[SIG] === SECRET) {
    const text2 = typeof v.plaintext === "string" ? v.plaintext : book.decrypt(owner, String(v.ciphertext));
    return { [SIG]: SECRET, value: unseal(JSON.parse(text2), owner, book) };
  }
  const out = {};
  for (const k of Object.keys(v)) out[k] = unseal(v[k], owner, book);
  return out;
}
var some = (v) => {
  if (Array.isArray(v)) return v.length > 0 ? v : void 0;
  if (typeof v === "object" && v !== null) return Object.keys(v).length > 0 ? v : void 0;
  return v || void 0;
};
function sealState(s, book) {
  return {
    urn: s.urn,
    custom: s.custom,
    delete: some(s.delete),
    id: some(s.id),
    type: s.type,
    inputs: some(seal(s.inputs, s.urn, book)),
    outputs: some(seal(s.outputs, s.urn, book)),
    parent: some(s.parent),
    protect: some(s.protect),
    external: some(s.external),
    dependencies: some(s.dependencies),
    initErrors: some(s.initErrors),
    provider: some(s.provider),
    propertyDependencies: some(s.propertyDependencies),
    pendingReplacement: some(s.pendingReplacement),
    additionalSecretOutputs: some(s.additionalSecretOutputs),
    customTimeouts: some(s.customTimeouts),
    importID: some(s.importID),
    retainOnDelete: some(s.retainOnDelete),
    deletedWith: some(s.deletedWith),
    replaceWith: some(s.replaceWith),
    created: some(s.created),
    modified: some(s.modified),
    ignoreChanges: some(s.ignoreChanges),
    replaceOnChanges: some(s.replaceOnChanges),
    replacementTrigger: s.replacementTrigger === void 0 ? void 0 : seal(s.replacementTrigger, s.urn, book),
    ...s.rest
  };
}
function unsealState(json, book) {
  const urn = String(json.urn);
  const s = emptyState({ urn, type: String(json.type), custom: json.custom === true });
  const known = s;
  for (const [k, v] of Object.entries(json)) {
    if (k === "inputs" || k === "outputs") s[k] = unseal(v, urn, book);
    else if (k === "replacementTrigger") s.replacementTrigger = unseal(v, urn, book);
    else if (k in known && k !== "rest") known[k] = v;
    else s.rest[k] = v;
  }
  for (const k of Object.keys(s.propertyDependencies)) s.propertyDependencies[k] ??= [];
  return s;
}

// engine/urn.ts
var STACK_TYPE = "pulumi:pulumi:Stack";
var PROVIDER_PREFIX = "pulumi:providers:";
function makeUrn(stack, project, parent, type, name) {
  const above = parent ? qualifiedType(parent) : "";
  const prefix = above && above !== STACK_TYPE ? `${above}$` : "";
  return `urn:pulumi:${stack}::${project}::${prefix}${type}::${name}`;
}
var qualifiedType = (urn) => urn.split("::")[2] ?? "";
var typeOf = (urn) => qualifiedType(urn).split("$").pop();
var nameOf = (urn) => urn.split("::").slice(3).join("::");
var stackOf = (urn) => urn.split("::")[0].slice("urn:pulumi:".length);
var projectOf = (urn) => urn.split("::")[1] ?? "";
var isProviderType = (type) => type.startsWith(PROVIDER_PREFIX);
var providerType = (pkg) => PROVIDER_PREFIX + pkg;
var packageOfProvider = (type) => type.slice(PROVIDER_PREFIX.length);
var packageOf = (token) => token.split(":")[0];
function parseReference(ref) {
  const at = ref.lastIndexOf("::");
  return { urn: ref.slice(0, at), id: ref.slice(at + 2) };
}
var defaultProviderName = (version) => version ? `default_${version.replace(/[.+-]/g, "_")}` : "default";
var isDefaultProvider = (urn) => isProviderType(typeOf(urn)) && /^default(_|$)/.test(nameOf(urn));

// engine/checkpoint.ts
var ENGINE_VERSION = `cutover-${typeof CUTOVER_VERSION === "string" ? CUTOVER_VERSION : "dev"}`;
function stackFile(stateDir, project, stack) {
  return (0, import_node_path2.join)(stateDir, ".pulumi", "stacks", project, `${stack}.json`);
}
var magicOf = (version) => version ? (0, import_node_crypto3.createHash)("sha256").update(version).digest("hex") : "";
var manifest = () => ({
  time: (/* @__PURE__ */ new Date()).toISOString(),
  magic: magicOf(ENGINE_VERSION),
  version: ENGINE_VERSION
});
async function load(file, passphrase) {
  const deployment = await readDeployment(file);
  return decode(deployment, passphrase, file);
}
async function readDeployment(file) {
  let text2;
  try {
    text2 = await (0, import_promises.readFile)(file, "utf8");
  } catch (e) {
    if (e.code === "ENOENT") return void 0;
    throw e;
  }
  try {
    const json = JSON.parse(text2);
    if (json.version !== 3) throw new Error(`version ${json.version}, expected 3`);
    return json.checkpoint.latest;
  } catch (e) {
    throw new UserError(`${file} is not a usable checkpoint (${e.message}): restore it, or remove it`);
  }
}
async function decode(d, passphrase, name) {
  const kind = d?.secrets_providers?.type;
  if (kind !== void 0 && kind !== "passphrase") {
    throw new UserError(`${name} keeps its secrets with the provider "${kind}": the embedded engine opens "passphrase" only`);
  }
  const crypter = await Crypter.open(passphrase, d?.secrets_providers?.state?.salt);
  const book = new SecretBook(crypter);
  const states = (d?.resources ?? []).map((r) => unsealState(r, book));
  const pending2 = (d?.pending_operations ?? []).map((p) => ({ type: p.type, resource: unsealState(p.resource, book) }));
  const wrong = verifyIntegrity(states);
  if (wrong) throw new UserError(`${name} is damaged (${wrong}): restore an earlier checkpoint`);
  return { states, pending: pending2, crypter, book };
}
function verifyImport(d, project, stack) {
  if (d.manifest?.magic !== magicOf(d.manifest?.version ?? "")) {
    throw new UserError("the deployment's magic cookie does not match its version: it was edited or cut short");
  }
  for (const r of d.resources ?? []) {
    const urn = String(r.urn);
    if (stackOf(urn) !== stack || projectOf(urn) !== project) {
      throw new UserError(`${urn} belongs to another stack: expected ${project}/${stack}`);
    }
  }
}
function verifyIntegrity(states) {
  const live = /* @__PURE__ */ new Set();
  const seen = /* @__PURE__ */ new Set();
  const providers = /* @__PURE__ */ new Set();
  for (const s of states) {
    if (!s.custom && s.id) return `component ${s.urn} has an id`;
    for (const urn of references(s)) if (!seen.has(urn)) return `${s.urn} stands before ${urn}, which it refers to`;
    if (s.provider) {
      const { urn, id } = parseReference(s.provider);
      if (!providers.has(`${urn}::${id}`)) return `${s.urn} refers to the missing provider ${s.provider}`;
    }
    if (!s.delete) {
      if (live.has(s.urn)) return `${s.urn} stands there twice`;
      live.add(s.urn);
    }
    seen.add(s.urn);
    if (isProviderType(s.type)) providers.add(`${s.urn}::${s.id}`);
  }
  return void 0;
}
async function writeAtomically(file, text2, durable) {
  await (0, import_promises.mkdir)((0, import_node_path2.dirname)(file), { recursive: true });
  const next = `${file}.next`;
  if (durable) {
    const h = await (0, import_promises.open)(next, "w");
    try {
      await h.writeFile(text2);
      await h.sync();
    } finally {
      await h.close();
    }
  } else {
    await (0, import_promises.writeFile)(next, text2);
  }
  await (0, import_promises.rename)(next, file);
}
async function prepareBackend(stateDir) {
  await (0, import_promises.mkdir)((0, import_node_path2.join)(stateDir, ".pulumi"), { recursive: true });
  await (0, import_promises.writeFile)((0, import_node_path2.join)(stateDir, ".pulumi", "meta.yaml"), "version: 1\n", { flag: "wx" }).catch((e) => {
    if (e.code !== "EEXIST") throw e;
  });
}
function encode(states, pending2, l) {
  return {
    manifest: manifest(),
    secrets_providers: { type: "passphrase", state: { salt: l.crypter.salt } },
    resources: states.map((s) => sealState(s, l.book)),
    ...pending2.length > 0 ? { pending_operations: pending2.map((p) => ({ resource: sealState(p.resource, l.book), type: p.type })) } : {},
    metadata: {}
  };
}

// engine/provider.ts
var import_node_crypto4 = require("node:crypto");

// engine/paths.ts
function parsePath(text2) {
  const path = [];
  let rest = text2;
  while (rest !== "") {
    const part = /^\["((?:[^"\\]|\\.)*)"\]\.?/.exec(rest) ?? /^\[(\d+|\*)\]\.?/.exec(rest) ?? /^([^.[\]]+)\.?/.exec(rest);
    if (!part) throw new Error(`invalid property path ${JSON.stringify(text2)}`);
    const key = part[1];
    if (part[0].startsWith('["')) path.push(key.replace(/\\(.)/g, "$1"));
    else path.push(part[0].startsWith("[") && key !== "*" ? Number(key) : key);
    rest = rest.slice(part[0].length);
  }
  return path;
}
function formatPath(path) {
  return path.map((p, i) => {
    if (typeof p === "number") return `[${p}]`;
    if (!/^[\w$-]+$/.test(p)) return `[${JSON.stringify(p)}]`;
    return i === 0 ? p : `.${p}`;
  }).join("");
}
function getAt(v, path) {
  let at = plain(v);
  let hidden = isSecret(v);
  for (const key of path) {
    if (Array.isArray(at)) at = typeof key === "number" ? at[key] : void 0;
    else at = isObject(at) ? at[key] : void 0;
    hidden ||= isSecret(at);
    at = plain(at);
  }
  return hidden && at !== void 0 ? { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: at } : at;
}
function overlaps(pattern, path) {
  const n = Math.min(pattern.length, path.length);
  for (let i = 0; i < n; i++) if (pattern[i] !== "*" && String(pattern[i]) !== String(path[i])) return false;
  return true;
}
function ignoreChanges(news, olds, paths) {
  let out = news;
  for (const text2 of paths) {
    const path = parsePath(text2);
    out = path[0] === "*" ? olds : copyAt(out, olds, path);
  }
  return out;
}
function copyAt(news, olds, path) {
  if (path.length === 0) return olds;
  const [key, ...rest] = path;
  const inner = plain(news);
  const from = plain(olds);
  let made = inner;
  if (key === "*") {
    if (Array.isArray(inner) && Array.isArray(from)) {
      made = inner.map((x, i) => i < from.length ? copyAt(x, from[i], rest) : x);
    } else if (isObject(inner) && isObject(from)) {
      made = { ...inner };
      for (const k of /* @__PURE__ */ new Set([...Object.keys(inner), ...Object.keys(from)])) assign(made, k, inner[k], from[k], rest);
    }
  } else if (Array.isArray(inner) && typeof key === "number") {
    const old = Array.isArray(from) ? from[key] : void 0;
    const next = copyAt(inner[key], old, rest);
    if (key < inner.length && next !== void 0) made = inner.map((x, i) => i === key ? next : x);
  } else if (isObject(inner) && typeof key === "string") {
    made = { ...inner };
    assign(made, key, inner[key], isObject(from) ? from[key] : void 0, rest);
  }
  if (made === inner) return news;
  return isSecret(news) && made !== void 0 ? { ...news, value: made } : made;
}
function assign(into, key, news, olds, rest) {
  if (rest.length > 0 && news === void 0) return;
  const v = copyAt(news, olds, rest);
  if (v === void 0) delete into[key];
  else into[key] = v;
}

// engine/diff.ts
var NO_DIFF = { changes: "none", replaces: [], diffs: [], detailed: null, deleteBeforeReplace: false };
var replaces = (d) => d.changes === "some" && d.replaces.length > 0;
function changedPaths(olds, news, at = []) {
  const a = plain(olds);
  const b = plain(news);
  if (a === void 0 && b === void 0) return [];
  if (a === void 0) return [{ path: at, kind: "add" }];
  if (b === void 0) return [{ path: at, kind: "delete" }];
  if (isUnknown(b)) return [{ path: at, kind: "update" }];
  if (Array.isArray(a) && Array.isArray(b)) {
    const n = Math.max(a.length, b.length);
    return Array.from({ length: n }, (_, i) => changedPaths(a[i], b[i], [...at, i])).flat();
  }
  if (isObject(a) && isObject(b) && !(a[SIG] === ASSET || b[SIG] === ASSET)) {
    const keys2 = [.../* @__PURE__ */ new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return keys2.flatMap((k) => changedPaths(a[k], b[k], [...at, k]));
  }
  return sameValue(a, b) ? [] : [{ path: at, kind: "update" }];
}
function inputDiff(olds, news) {
  const changed = changedPaths(olds, news).filter((c) => c.path[0] !== "__internal");
  if (changed.length === 0) return NO_DIFF;
  const detailed = {};
  for (const c of changed) detailed[formatPath(c.path)] = { kind: c.kind, inputDiff: true };
  const diffs = [...new Set(changed.map((c) => String(c.path[0])))];
  return { changes: "some", replaces: [], diffs, detailed, deleteBeforeReplace: false };
}
function applyReplaceOnChanges(diff, paths) {
  if (diff.changes === "none" || paths.length === 0) return diff;
  const patterns = paths.map(parsePath);
  const hit = (p) => patterns.some((pattern) => overlaps(pattern, p));
  const forced = new Set(diff.replaces);
  let detailed = diff.detailed;
  if (detailed) {
    detailed = { ...detailed };
    for (const [text2, d] of Object.entries(detailed)) {
      const path = parsePath(text2);
      if (!hit(path)) continue;
      forced.add(String(path[0]));
      if (!d.kind.endsWith("-replace")) detailed[text2] = { ...d, kind: `${d.kind}-replace` };
    }
  } else {
    for (const key of diff.diffs) if (hit([key])) forced.add(key);
  }
  return { ...diff, replaces: [...forced], detailed };
}
function changedLines(olds, news) {
  const detailed = {};
  for (const c of changedPaths(olds, news)) detailed[formatPath(c.path)] = { kind: c.kind, inputDiff: true };
  return shownDiffs({ detailed, replaces: [] }, { inputs: olds, outputs: olds }, news);
}
function shownDiffs(diff, old, news) {
  const forced = (path) => diff.replaces.some((r) => overlaps(parsePath(r), path));
  const lines = diff.detailed ? Object.entries(diff.detailed).map(([text2, d]) => ({ path: parsePath(text2), ...d })) : changedPaths(old.inputs, news).filter((c) => c.path[0] !== "__internal").map((c) => ({
    path: c.path,
    kind: forced(c.path) ? `${c.kind}-replace` : c.kind,
    inputDiff: true
  }));
  return lines.map((l) => {
    const was = getAt(l.inputDiff ? old.inputs : old.outputs, l.path) ?? getAt(old.outputs, l.path);
    const is = getAt(news, l.path);
    return {
      path: formatPath(l.path),
      kind: l.kind,
      ...was === void 0 ? {} : { old: display(was) },
      ...is === void 0 ? {} : { new: display(is) }
    };
  });
}

// engine/rpc.ts
var import_node_module = require("node:module");
var own = (0, import_node_module.createRequire)(__filename);
var sdk = (0, import_node_module.createRequire)(own.resolve("@pulumi/pulumi/package.json"));
var grpc = sdk("@grpc/grpc-js");
var { Empty } = sdk("google-protobuf/google/protobuf/empty_pb");
var structs = sdk("google-protobuf/google/protobuf/struct_pb");
function proto(name) {
  return own(`@pulumi/pulumi/proto/${name}`);
}
var CHANNEL_OPTIONS = { "grpc.max_receive_message_length": 400 * 1024 * 1024 };
var Code = { UNKNOWN: 2, INTERNAL: 13, UNAVAILABLE: 14, DATA_LOSS: 15, UNIMPLEMENTED: 12 };
var StatusError = class extends Error {
  constructor(code, message2) {
    super(message2);
    this.code = code;
  }
  code;
};
var encoded = /* @__PURE__ */ new WeakMap();
function toStruct(props) {
  let s = encoded.get(props);
  if (!s) {
    s = structs.Struct.fromJavaScript(props);
    encoded.set(props, s);
  }
  return s;
}
function fromStruct(s) {
  if (!s) return {};
  const props = s.toJavaScript();
  encoded.set(props, s);
  return props;
}
function fromValue(v) {
  return v ? v.toJavaScript() : void 0;
}
var Client = class {
  inner;
  methods = /* @__PURE__ */ new Map();
  constructor(service, address) {
    for (const [key, def] of Object.entries(service)) {
      this.methods.set(key, def);
    }
    this.inner = new grpc.Client(address, grpc.credentials.createInsecure(), CHANNEL_OPTIONS);
  }
  /** Waits until the peer accepts connections, at most `ms` milliseconds. */
  ready(ms) {
    return new Promise((ok, no) => this.inner.waitForReady(Date.now() + ms, (e) => e ? no(e) : ok()));
  }
  call(method, request2) {
    const def = this.methods.get(method);
    if (!def) return Promise.reject(new StatusError(Code.UNIMPLEMENTED, `no method ${method}`));
    return new Promise((ok, no) => {
      this.inner.makeUnaryRequest(
        def.path,
        def.requestSerialize,
        def.responseDeserialize,
        request2,
        (e, v) => e ? no(e) : ok(v)
      );
    });
  }
  /** As `call`, but a peer that does not know the method gives undefined. */
  async soft(method, request2) {
    try {
      return await this.call(method, request2);
    } catch (e) {
      if (e.code === Code.UNIMPLEMENTED) return void 0;
      throw e;
    }
  }
  close() {
    this.inner.close();
  }
};
async function serve(services) {
  const server = new grpc.Server(CHANNEL_OPTIONS);
  for (const { service, handlers } of services) {
    const impl = {};
    for (const key of Object.keys(service)) {
      impl[key] = ((call, done) => {
        const handler = handlers[key];
        if (!handler) return done({ code: Code.UNIMPLEMENTED, details: `${key} is not offered` });
        Promise.resolve().then(() => handler(call.request)).then(
          (v) => done(null, v),
          (e) => done({ code: e.code ?? Code.UNKNOWN, details: e.message })
        );
      });
    }
    server.addService(service, impl);
  }
  const port = await new Promise(
    (ok, no) => server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (e, p) => e ? no(e) : ok(p))
  );
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

// engine/provider.ts
var provproto = proto("provider_pb");
var InitError = class extends Error {
  constructor(id, outputs, inputs, reasons) {
    super(reasons.join("; "));
    this.id = id;
    this.outputs = outputs;
    this.inputs = inputs;
    this.reasons = reasons;
  }
  id;
  outputs;
  inputs;
  reasons;
};
var ProviderError = class extends Error {
  constructor(message2, unknownState) {
    super(message2);
    this.unknownState = unknownState;
  }
  unknownState;
};
var Provider = class {
  constructor(client, abilities, configured) {
    this.client = client;
    this.abilities = abilities;
    this.configured = configured;
  }
  client;
  abilities;
  configured;
  /** Checked inputs and failures. `olds` are the old inputs, empty on create. */
  async check(t, olds, news) {
    if (!this.configured) return { inputs: news, failures: [] };
    const r = this.name(new provproto.CheckRequest(), t);
    r.setOlds(this.out(olds));
    r.setNews(this.out(news));
    r.setRandomseed((0, import_node_crypto4.randomBytes)(32));
    const a = await this.ask("check", r);
    const failures = a.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() }));
    return { inputs: this.remark(fromStruct(a.getInputs()), news), failures };
  }
  /** What would change; the engine compares the inputs where the provider cannot tell. */
  async diff(old, news, ignoreChanges2) {
    if (!this.configured) return "unavailable";
    const r = this.name(new provproto.DiffRequest(), old);
    r.setId(old.id);
    r.setOldInputs(this.out(elideAssets(old.inputs)));
    r.setOlds(this.out(elideAssets(old.outputs)));
    r.setNews(this.out(news));
    r.setIgnorechangesList([...ignoreChanges2]);
    return readDiff(await this.ask("diff", r), old.inputs, news);
  }
  /** Creates. In a preview a provider that cannot preview is not asked: it might really create. */
  async create(t, inputs, timeoutSeconds, preview) {
    if (!this.configured) return { id: "", outputs: {} };
    if (preview && !this.abilities.preview) return { id: "", outputs: inputs };
    const r = this.name(new provproto.CreateRequest(), t);
    r.setProperties(this.out(inputs));
    r.setTimeout(timeoutSeconds);
    r.setPreview(preview);
    const a = await this.ask("create", r);
    if (!preview && a.getId() === "") throw new ProviderError(`the provider answered the creation of ${t.urn} without an id`, true);
    return { id: a.getId(), outputs: fromStruct(a.getProperties()) };
  }
  async update(old, inputs, timeoutSeconds, ignoreChanges2, preview) {
    if (!this.configured) return {};
    if (preview && !this.abilities.preview) return inputs;
    const r = this.name(new provproto.UpdateRequest(), old);
    r.setId(old.id);
    r.setOlds(this.out(old.outputs));
    r.setOldInputs(this.out(old.inputs));
    r.setNews(this.out(inputs));
    r.setTimeout(timeoutSeconds);
    r.setIgnorechangesList([...ignoreChanges2]);
    r.setPreview(preview);
    const a = await this.ask("update", r);
    return fromStruct(a.getProperties());
  }
  /**
   * Reads back. `state` and `inputs` absent: an import, by id alone. An empty id in the answer means that the resource
   * is gone; `inputs` undefined, that the provider did not say what they are.
   */
  async read(t, state, inputs) {
    if (!this.configured) return { id: t.id, outputs: {} };
    const r = this.name(new provproto.ReadRequest(), t);
    r.setId(t.id);
    if (state) r.setProperties(this.out(elideAssets(state)));
    if (inputs) r.setInputs(this.out(elideAssets(inputs)));
    const a = await this.ask("read", r);
    return {
      id: a.getId(),
      outputs: fromStruct(a.getProperties()),
      ...a.hasInputs() ? { inputs: fromStruct(a.getInputs()) } : {}
    };
  }
  async delete(old, timeoutSeconds) {
    const r = this.name(new provproto.DeleteRequest(), old);
    r.setId(old.id);
    r.setProperties(this.out(old.outputs));
    r.setOldInputs(this.out(old.inputs));
    r.setTimeout(timeoutSeconds);
    await this.ask("delete", r);
  }
  /** Calls a function. In a preview with a provider not configured yet the answer is empty. */
  async invoke(token, args, preview) {
    if (!this.configured) return { result: {}, failures: [] };
    const r = new provproto.InvokeRequest();
    r.setTok(token);
    r.setArgs(this.out(args));
    r.setPreview(preview);
    const a = await this.ask("invoke", r);
    const failures = a.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() }));
    return { result: fromStruct(a.getReturn()), failures };
  }
  /** Does a changed configuration ask for the replacement of what this provider manages? Unknown to it = no. */
  async diffConfig(old, news) {
    const r = this.name(new provproto.DiffRequest(), old);
    r.setId(old.id);
    r.setOldInputs(toStruct(withoutInternal(old.inputs)));
    r.setOlds(toStruct(withoutInternal(old.outputs)));
    r.setNews(toStruct(withoutInternal(news)));
    const a = await this.client.soft("diffConfig", r);
    return a ? readDiff(a, withoutInternal(old.inputs), withoutInternal(news)) : inputDiff(old.inputs, news);
  }
  name(r, t) {
    r.setUrn(t.urn);
    r.setName(nameOf(t.urn));
    r.setType(t.type);
    return r;
  }
  out(props) {
    let p = props;
    if (!this.abilities.secrets) p = unwrapSecrets(p);
    if (!this.abilities.resources) p = unwrapReferences(p);
    return toStruct(p);
  }
  /** A provider that takes no secrets gives inputs back bare: what went in secret comes out secret. */
  remark(inputs, news) {
    return this.abilities.secrets ? inputs : carrySecrets(news, inputs);
  }
  async ask(method, request2) {
    try {
      return await this.client.call(method, request2);
    } catch (e) {
      throw readError(e);
    }
  }
};
function carrySecrets(from, to) {
  const out = { ...to };
  for (const [k, v] of Object.entries(from)) {
    const bare = unwrapSecrets(v);
    if (bare !== v && k in out && out[k] !== void 0) {
      out[k] = JSON.stringify(bare) === JSON.stringify(out[k]) ? v : { ...SECRET_MARK, value: out[k] };
    }
  }
  return out;
}
var SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
function withoutInternal(p) {
  if (!("__internal" in p)) return p;
  const { __internal: _, ...rest } = p;
  return rest;
}
var KINDS = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];
function readDiff(a, oldInputs, news) {
  const { DIFF_NONE, DIFF_SOME } = provproto.DiffResponse.DiffChanges;
  const rest = { replaces: a.getReplacesList(), deleteBeforeReplace: a.getDeletebeforereplace() };
  if (a.getChanges() === DIFF_NONE) return { ...NO_DIFF };
  if (a.getChanges() !== DIFF_SOME) {
    const own2 = inputDiff(oldInputs, news);
    if (own2.changes === "none" && rest.replaces.length === 0) return own2;
    return { ...own2, changes: "some", ...rest };
  }
  const map = a.getDetaileddiffMap();
  let detailed = null;
  if (map.getLength() > 0) {
    detailed = {};
    map.forEach((d, k) => {
      detailed[k] = { kind: KINDS[d.getKind()], inputDiff: d.getInputdiff() };
    });
  }
  return { changes: "some", diffs: a.getDiffsList(), detailed, ...rest };
}
var STATUS_DETAILS = "grpc-status-details-bin";
var INIT_FAILED = "pulumirpc.ErrorResourceInitFailed";
function readError(e) {
  const init = initFailure(e);
  if (init) {
    const reasons = init.getReasonsList();
    return new InitError(
      init.getId(),
      fromStruct(init.getProperties()),
      init.hasInputs() ? fromStruct(init.getInputs()) : void 0,
      reasons.length > 0 ? reasons : [e.details ?? e.message]
    );
  }
  const unknownState = e.code === Code.INTERNAL || e.code === Code.DATA_LOSS || e.code === Code.UNKNOWN;
  return new ProviderError(e.details || e.message, unknownState);
}
function initFailure(e) {
  const bin = e.metadata?.get(STATUS_DETAILS)?.[0];
  if (!(bin instanceof Buffer)) return void 0;
  const at = bin.indexOf(INIT_FAILED);
  if (at < 0) return void 0;
  let pos = at + INIT_FAILED.length;
  if (bin[pos] !== 18) return void 0;
  pos++;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const b = bin[pos++];
    length |= (b & 127) << shift;
    if (b < 128) break;
  }
  return provproto.ErrorResourceInitFailed.deserializeBinary(bin.subarray(pos, pos + length));
}
var isUnconfigurable = (inputs) => hasUnknown(inputs);

// engine/apply.ts
var now = () => (/* @__PURE__ */ new Date()).toISOString();
var message = (e) => e instanceof Error ? e.message : String(e);
async function perform(w, step, kind, call, finish) {
  const { d } = w;
  await d.slots.run(async () => {
    d.ensureRunning();
    d.o.reporter.begin(step);
    const pending2 = { ...step.new, ...step.old && kind !== "creating" ? { outputs: step.old.outputs, id: step.old.id } : {} };
    const end = d.preview ? () => void 0 : await d.o.snapshot.begin(kind, pending2);
    let failure;
    try {
      await call();
    } catch (e) {
      failure = e;
    }
    if (failure === void 0 || failure instanceof InitError) finish();
    end();
    if (failure !== void 0) throw fail(w, step, failure);
    d.o.reporter.done(step);
    if (w.goal.custom) d.o.reporter.outputs(step);
  });
}
function fail(w, step, e) {
  const { d } = w;
  if (e instanceof ProviderError && e.unknownState) d.o.reporter.maybeCorrupt = true;
  const text2 = e instanceof InitError ? `${e.reasons.length} error(s) occurred:
${e.reasons.map((r) => `* ${r}`).join("\n")}` : message(e);
  d.fault(w.urn, text2);
  d.o.reporter.failed(step);
  return new StatusError(Code.UNAVAILABLE, text2);
}
function settle(w, replaces2) {
  w.next.outputs = markSecrets(w.next.outputs, w.next.inputs, w.next.additionalSecretOutputs);
  w.d.news.set(w.urn, w.next);
  w.d.o.snapshot.add(w.next, replaces2);
}
function applySame(w) {
  const { d, next, urn } = w;
  const old = w.old;
  const step = { op: "same", urn, type: next.type, old, new: next };
  d.o.reporter.begin(step);
  next.id = old.id;
  next.outputs = old.outputs;
  settle(w, old);
  d.o.reporter.done(step);
  tellOrWait(w, step);
  return next;
}
async function applyCreate(w, op, extra = {}, place = () => settle(w, void 0)) {
  const { d, next, urn } = w;
  const step = { op, urn, type: next.type, new: next, ...extra };
  next.id = "";
  next.outputs = {};
  next.created = now();
  next.modified = next.created;
  if (!w.goal.custom) {
    d.o.reporter.begin(step);
    place();
    d.o.reporter.done(step);
    tellOrWait(w, step);
    return next;
  }
  const call = () => attempt(w, async (p) => {
    const made = await p.create(next, next.inputs, next.customTimeouts.create ?? 0, d.preview);
    next.id = made.id;
    next.outputs = made.outputs;
  });
  await perform(w, step, "creating", call, place);
  return next;
}
async function attempt(w, call) {
  const { next } = w;
  try {
    await call(w.provider);
    next.initErrors = [];
  } catch (e) {
    if (e instanceof InitError) {
      next.id = e.id || next.id;
      next.outputs = e.outputs;
      if (e.inputs) next.inputs = e.inputs;
      next.initErrors = e.reasons;
    }
    throw e;
  }
}
async function applyUpdate(w, diff) {
  const { d, next, urn } = w;
  const old = w.old;
  const step = { op: "update", urn, type: next.type, old, new: next, diffs: diff.diffs, detailed: diff.detailed };
  if (!w.goal.custom) {
    d.o.reporter.begin(step);
    next.modified = now();
    settle(w, old);
    d.o.reporter.done(step);
    tellOrWait(w, step);
    return next;
  }
  const call = () => attempt(w, async (p) => {
    next.id = old.id;
    next.outputs = await p.update(old, next.inputs, next.customTimeouts.update ?? 0, w.goal.ignoreChanges, d.preview);
    next.modified = now();
  });
  await perform(w, step, "updating", call, () => settle(w, old));
  return next;
}
async function applyReplacement(w, o) {
  const { d, next, urn } = w;
  const old = w.old;
  const extra = { old, keys: o.keys, diffs: o.diff?.diffs ?? [], detailed: o.diff?.detailed ?? null };
  const replace = { op: "replace", urn, type: next.type, new: next, ...extra, ...o.follows ? { keys: [] } : {} };
  const tell = () => {
    d.o.reporter.begin(replace);
    d.o.reporter.done(replace);
    d.o.reporter.outputs(replace);
  };
  next.importID = "";
  d.replaced.add(urn);
  if (!o.createFirst) {
    next.id = "";
    tell();
    return applyCreate(w, "create-replacement", extra, () => settle(w, old));
  }
  await applyCreate(w, "create-replacement", extra, () => {
    old.delete = true;
    d.o.snapshot.changed(old);
    settle(w, void 0);
  });
  tell();
  return next;
}
async function applyImport(w) {
  const { d, next, urn, goal } = w;
  const provider2 = w.provider;
  next.id = goal.importId;
  next.importID = goal.importId;
  const replaced = w.old;
  const step = { op: replaced ? "import-replacement" : "import", urn, type: next.type, new: next, ...replaced ? { old: replaced } : {} };
  const call = async () => {
    if (!provider2.configured) return;
    const read2 = await provider2.read({ urn, type: next.type, id: goal.importId });
    if (read2.id === "") throw new Error(`resource '${goal.importId}' does not exist`);
    if (!read2.inputs) throw new Error(`the provider of ${next.type} cannot import: its Read gave no inputs`);
    next.id = read2.id;
    next.outputs = read2.outputs;
    next.created = now();
    next.modified = next.created;
    const found = { ...next, inputs: read2.inputs };
    step.old = found;
    await matchImport(w, step, found, read2.inputs);
  };
  await perform(w, step, "importing", call, () => {
    if (replaced) {
      replaced.delete = true;
      d.o.snapshot.changed(replaced);
    }
    settle(w, void 0);
  });
  return next;
}
async function matchImport(w, step, found, readInputs) {
  const { d, next, goal } = w;
  const provider2 = w.provider;
  next.inputs = ignoreChanges(next.inputs, readInputs, goal.ignoreChanges);
  const { inputs, failures } = await provider2.check(next, readInputs, next.inputs);
  const failure = failures[0];
  if (failure) throw new Error(`${next.type} resource: property ${failure.property} has a problem: ${failure.reason}`);
  next.inputs = inputs;
  const diff = await provider2.diff(found, inputs, goal.ignoreChanges);
  if (diff === "unavailable" || diff.changes === "none") return;
  step.diffs = diff.diffs;
  step.detailed = diff.detailed;
  const text2 = "inputs to import do not match the existing resource";
  if (!d.preview) throw new Error(`${text2}: ${(diff.detailed ? Object.keys(diff.detailed) : diff.diffs).join(", ") || "see the preview"}`);
  d.o.reporter.say("warning", `${text2}; importing this resource will fail`, w.urn);
}
function tellOrWait(w, step) {
  if (w.goal.custom) w.d.o.reporter.outputs(step);
  else w.d.awaitingOutputs.set(w.urn, step);
}

// engine/deletes.ts
async function deleteLeftovers(d) {
  const left = d.o.loaded.states.filter((s) => (s.delete || !d.claimed.has(s)) && !settled.get(d)?.has(s));
  await deleteAll(d, left);
}
async function deletePending(d) {
  const left = d.o.loaded.states.filter((s) => s.delete);
  const done = settled.get(d) ?? /* @__PURE__ */ new Set();
  settled.set(d, done);
  for (const s of left) done.add(s);
  await deleteAll(d, left);
}
var settled = /* @__PURE__ */ new WeakMap();
async function deleteAll(d, states) {
  const byUrn = /* @__PURE__ */ new Map();
  for (const s of states) byUrn.set(s.urn, [...byUrn.get(s.urn) ?? [], s]);
  const before = new Map(states.map((s) => [s, []]));
  for (const s of states) {
    const urns = new Set(references(s).map((u) => d.o.snapshot.renamed.get(u) ?? u));
    for (const u of references(s)) urns.add(u);
    for (const u of urns) for (const t of byUrn.get(u) ?? []) if (t !== s) before.get(t)?.push(s);
  }
  const gone = /* @__PURE__ */ new Map();
  const remove = (s) => {
    let p = gone.get(s);
    if (!p) {
      p = Promise.all((before.get(s) ?? []).map(remove)).then((all) => all.every(Boolean) && removeOne(d, s, byUrn));
      gone.set(s, p);
    }
    return p;
  };
  await Promise.all([...states].reverse().map(remove));
}
async function removeOne(d, s, going) {
  if (d.aborted && !isProviderType(s.type)) return false;
  const step = { op: s.delete ? "delete-replaced" : "delete", urn: s.urn, type: s.type, old: s };
  if (s.pendingReplacement && !s.delete) {
    const ended = { ...step, op: "remove-pending-replace" };
    d.o.reporter.begin(ended);
    d.o.snapshot.drop(s);
    d.o.reporter.done(ended);
    return true;
  }
  if (s.protect && !s.delete) return refuse(d, step, s);
  const withOwner = s.deletedWith !== "" && going.has(s.deletedWith);
  return runDelete(d, s, step.op, () => d.o.snapshot.drop(s), withOwner);
}
function refuse(d, step, s) {
  d.o.reporter.begin(step);
  d.o.reporter.say(
    "error",
    `resource "${s.urn}" cannot be deleted
because it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:
\`pulumi state unprotect '${s.urn}'\``,
    s.urn
  );
  d.o.reporter.failed({ ...step, refused: true });
  d.failed = true;
  return false;
}
async function runDelete(d, s, op, done, withOwner = false) {
  const step = { op, urn: s.urn, type: s.type, old: s };
  const silent = !s.custom || isProviderType(s.type) || s.retainOnDelete || s.external || withOwner || d.preview;
  return d.slots.run(async () => {
    if (d.aborted && !isProviderType(s.type)) return false;
    d.o.reporter.begin(step);
    try {
      if (!silent) await callDelete(d, s);
    } catch (e) {
      if (e instanceof ProviderError && e.unknownState) d.o.reporter.maybeCorrupt = true;
      d.fault(s.urn, message(e));
      d.o.reporter.failed(step);
      return false;
    }
    done();
    d.o.reporter.done(step);
    d.o.reporter.outputs(step);
    return true;
  });
}
async function callDelete(d, s) {
  const provider2 = await d.provider(s.provider);
  if (!provider2.configured) throw new Error(`the provider ${packageOfProvider(s.type)} is not configured`);
  const end = await d.o.snapshot.begin("deleting", s);
  try {
    await provider2.delete(s, s.customTimeouts.delete ?? 0);
  } finally {
    end();
  }
}

// engine/slots.ts
var Slots = class {
  waiting = [];
  free;
  constructor(n) {
    this.free = n;
  }
  /** Runs `work` when a slot is free. */
  async run(work) {
    if (this.free > 0) this.free--;
    else await new Promise((go) => this.waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
};
var DEFAULT_ABORT = () => void 0;

// engine/deployment.ts
var Deployment = class {
  constructor(o) {
    this.o = o;
    this.slots = new Slots(o.parallel);
    for (const s of o.loaded.states) {
      if (!s.delete) this.olds.set(s.urn, s);
      if (isProviderType(s.type)) this.oldProviders.set(`${s.urn}::${s.id}`, s);
    }
  }
  o;
  slots;
  /** Live old states by URN. */
  olds = /* @__PURE__ */ new Map();
  /** New states by URN, as soon as their step is done. */
  news = /* @__PURE__ */ new Map();
  /** URNs that the program registered in this run. */
  seen = /* @__PURE__ */ new Set();
  /** Old states that a registration took over: they are not deleted at the end. */
  claimed = /* @__PURE__ */ new Set();
  /** URN of a new state to the URN its old state had, where they differ. */
  aliased = /* @__PURE__ */ new Map();
  /** Old URNs deleted in this run because what they hang on is being replaced, with the keys they hang by. */
  deletedForReplacement = /* @__PURE__ */ new Map();
  /** URNs that failed or were skipped while the operation goes on. */
  unmade = /* @__PURE__ */ new Set();
  /** URNs replaced in this run. */
  replaced = /* @__PURE__ */ new Set();
  /** Steps of components whose outputs are still to come. */
  awaitingOutputs = /* @__PURE__ */ new Map();
  deleteBeforeReplace = /* @__PURE__ */ new Map();
  providers = /* @__PURE__ */ new Map();
  oldProviders = /* @__PURE__ */ new Map();
  loadedProviders = /* @__PURE__ */ new Map();
  /** Set by the first failure: nothing new starts. */
  aborted = false;
  /** Something failed: no deletes at the end, and the operation ends failed. */
  failed = false;
  /** A registration was refused before its step: the CLI then tells of that and says no more. */
  bailed = false;
  onAbort = DEFAULT_ABORT;
  stackOutputs;
  /** Packs are up and leftovers of an earlier run are gone: registrations may be looked at. */
  ready = Promise.resolve();
  open = /* @__PURE__ */ new Set();
  get preview() {
    return this.o.preview;
  }
  get stackUrn() {
    return makeUrn(this.o.stack, this.o.project.name, "", STACK_TYPE, `${this.o.project.name}-${this.o.stack}`);
  }
  /** Follows a call of the program's, so that the end can wait for those under way. */
  track(work) {
    const ended = work.then(
      () => this.open.delete(ended),
      () => this.open.delete(ended)
    );
    this.open.add(ended);
    return work;
  }
  /** Resolves when no call of the program's is under way. */
  async settled() {
    while (this.open.size > 0) await Promise.all(this.open);
  }
  /** Throws what makes the SDK go quiet (it ends by itself when its monitor is unavailable). */
  ensureRunning() {
    if (this.aborted) throw new StatusError(Code.UNAVAILABLE, "the operation is ending");
  }
  /** Tells of an error, stops the operation and throws for the caller's answer. */
  die(urn, message2) {
    this.bailed = true;
    this.fault(urn, message2);
    throw new StatusError(Code.UNAVAILABLE, message2);
  }
  /** Tells of an error; unless told to go on, nothing new starts from here on. */
  fault(urn, message2) {
    this.o.reporter.say("error", message2, urn || void 0);
    this.stop();
  }
  /** Ends the operation as failed without a message of its own (a policy told it already). */
  stop() {
    this.failed = true;
    if (this.o.continueOnError || this.aborted) return;
    this.aborted = true;
    this.onAbort();
  }
  addProvider(state, provider2) {
    this.providers.set(state.urn, { provider: provider2, state });
  }
  /** The state of a registered provider, for policies. */
  providerState(ref) {
    return ref ? this.providers.get(parseReference(ref).urn)?.state : void 0;
  }
  /** A provider by reference: registered in this run, or else loaded from the old state. */
  provider(ref) {
    const { urn } = parseReference(ref);
    const here = this.providers.get(urn) ?? this.providers.get(this.o.snapshot.renamed.get(urn) ?? "");
    if (here) return Promise.resolve(here.provider);
    const old = this.oldProvider(ref);
    if (!old) return Promise.reject(new Error(`the state names a provider that it does not hold: ${ref}`));
    let p = this.loadedProviders.get(ref);
    if (!p) {
      p = this.o.plugins.configure(old.urn, old.type, packageOfProvider(old.type), old.id, old.inputs);
      this.loadedProviders.set(ref, p);
    }
    return p;
  }
  oldProvider(ref) {
    return this.oldProviders.get(ref);
  }
  /** Runs the packs on a resource: remediation first, then judgement. Returns the inputs to go on with. */
  async judge(s) {
    const { reporter, packs } = this.o;
    let properties = s.properties;
    for (const pack of packs) {
      const { properties: after, changed } = await pack.remediate({ ...s, properties });
      for (const c of changed) reporter.remediation(c.finding, c.before, c.after);
      const failed = changed.map((c) => c.finding.policy);
      reporter.policySummary("policyRemediateSummaryEvent", of(pack), pack.policyNames, failed, s.state.urn);
      properties = after;
    }
    const answers = await Promise.all(packs.map((pack) => pack.analyze({ ...s, properties })));
    const findings = answers.flatMap((a) => a.findings);
    for (const f of findings) reporter.finding(f);
    answers.forEach((a, i) => {
      const failed = a.findings.map((f) => f.policy);
      reporter.policySummary("policyAnalyzeSummaryEvent", of(packs[i]), a.evaluated, failed, s.state.urn);
    });
    if (findings.some((f) => f.level === "mandatory")) this.violated(s.state.urn);
    return properties;
  }
  /** Runs the stack policies over all new states. */
  async judgeStack() {
    const subjects = [...this.news.values()].map((state) => this.subject(state, state.outputs));
    for (const pack of this.o.packs) {
      const { findings, evaluated } = await pack.analyzeStack(subjects, this.stackUrn);
      for (const f of findings) this.o.reporter.finding(f);
      const failed = findings.map((f) => f.policy);
      this.o.reporter.policySummary("policyAnalyzeStackSummaryEvent", of(pack), evaluated, failed);
      if (findings.some((f) => f.level === "mandatory")) this.failed = true;
    }
  }
  subject(state, properties) {
    const deleteBeforeReplace = this.deleteBeforeReplace.get(state.urn);
    return { state, properties, provider: this.providerState(state.provider), deleteBeforeReplace };
  }
  // A preview goes on, to show all violations at once, and fails at its end. An update stops before it writes.
  violated(urn) {
    this.failed = true;
    if (this.preview) return;
    this.bailed = true;
    if (!this.aborted) {
      this.aborted = true;
      this.onAbort();
    }
    throw new StatusError(Code.UNAVAILABLE, `resource ${nameOf(urn)} violates a mandatory policy`);
  }
};
var of = (p) => ({ pack: p.name, version: p.version });

// engine/lock.ts
var import_node_crypto5 = require("node:crypto");
var import_node_fs2 = require("node:fs");
var import_promises2 = require("node:fs/promises");
var import_node_os = require("node:os");
var import_node_path3 = require("node:path");
var lockDir = (stateDir, project, stack) => (0, import_node_path3.join)(stateDir, ".pulumi", "locks", "organization", project, stack);
function username() {
  try {
    return (0, import_node_os.userInfo)().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
function isGone(h) {
  if (h.hostname !== (0, import_node_os.hostname)()) return false;
  try {
    process.kill(h.pid, 0);
    return false;
  } catch (e) {
    return e.code === "ESRCH";
  }
}
async function acquireLock(stateDir, project, stack, warn) {
  const dir = lockDir(stateDir, project, stack);
  await (0, import_promises2.mkdir)(dir, { recursive: true });
  const mine = (0, import_node_path3.join)(dir, `${(0, import_node_crypto5.randomUUID)()}.json`);
  const holder = { pid: process.pid, username: username(), hostname: (0, import_node_os.hostname)(), timestamp: (/* @__PURE__ */ new Date()).toISOString() };
  await (0, import_promises2.writeFile)(mine, JSON.stringify(holder));
  const release = () => {
    process.off("exit", release);
    if ((0, import_node_fs2.existsSync)(mine)) (0, import_node_fs2.unlinkSync)(mine);
  };
  process.once("exit", release);
  for (const other of (await (0, import_promises2.readdir)(dir)).map((f) => (0, import_node_path3.join)(dir, f)).filter((f) => f !== mine)) {
    const h = readHolder(other);
    if (!h) continue;
    if (isGone(h)) {
      await (0, import_promises2.rm)(other, { force: true });
      warn(`cleared the lock of process ${h.pid}, which died during an update of ${stack} (locked ${h.timestamp})`);
      continue;
    }
    release();
    throw new UserError(
      `the stack ${stack} is locked by ${h.username}@${h.hostname} (process ${h.pid}, since ${h.timestamp}): wait for it to end, or clear the lock with \`cutover cancel --stack ${stack}\` when that process is gone`
    );
  }
  return release;
}
function readHolder(file) {
  try {
    return JSON.parse((0, import_node_fs2.readFileSync)(file, "utf8"));
  } catch {
    return void 0;
  }
}
async function clearLocks(stateDir, project, stack) {
  const dir = lockDir(stateDir, project, stack);
  const files = (0, import_node_fs2.existsSync)(dir) ? await (0, import_promises2.readdir)(dir) : [];
  for (const f of files) await (0, import_promises2.rm)((0, import_node_path3.join)(dir, f), { force: true });
  return files.length;
}

// engine/defaults.ts
var import_node_crypto6 = require("node:crypto");

// engine/aliases.ts
function formerUrns(d, goal) {
  const out = [];
  const former = d.aliased.get(goal.parent);
  for (const a of goal.aliases) {
    out.push(a.urn ?? specUrn(d, goal, a, goal.parent));
    if (former && a.urn === void 0 && a.parentUrn === void 0 && !a.noParent) out.push(specUrn(d, goal, a, former));
  }
  if (former) {
    out.push(urnUnder(d, former, goal.type, goal.name));
    const name = inheritedName(goal, former);
    if (name !== goal.name) out.push(urnUnder(d, former, goal.type, name));
  }
  return out;
}
function inheritedName(goal, formerParent) {
  const parentName = nameOf(goal.parent);
  if (!goal.name.startsWith(parentName)) return goal.name;
  return nameOf(formerParent) + goal.name.slice(parentName.length);
}
function specUrn(d, goal, a, parent) {
  const under = a.noParent ? "" : a.parentUrn ?? parent;
  return makeUrn(
    a.stack || d.o.stack,
    a.project || d.o.project.name,
    qualifiedType(under) === STACK_TYPE ? "" : under,
    a.type || goal.type,
    a.name || goal.name
  );
}
var urnUnder = (d, parent, type, name) => makeUrn(d.o.stack, d.o.project.name, parent, type, name);

// engine/replace.ts
async function deleteDependents(d, root) {
  const found = await dependentReplacements(d, root);
  for (const { state } of found) {
    if (!state.protect) continue;
    d.die(
      state.urn,
      `unable to replace resource "${root.urn}" as part of replacing it would delete the protected resource "${state.urn}"`
    );
  }
  for (const { state, keys: keys2 } of found.reverse()) {
    d.deletedForReplacement.set(state.urn, keys2);
    d.replaced.add(state.urn);
    await deleteForReplacement(d, state);
  }
}
async function deleteForReplacement(d, old) {
  const ok = await runDelete(d, old, "delete-replaced", () => {
    old.pendingReplacement = true;
    d.o.snapshot.changed(old);
  });
  if (!ok) d.die("", `the replacement of ${nameOf(old.urn)} cannot go on: the old one was not deleted`);
}
async function dependentReplacements(d, root) {
  const gone = /* @__PURE__ */ new Set([root.urn]);
  const found = [];
  for (const s of d.olds.values()) {
    if (s === root || !s.custom || s.pendingReplacement || d.seen.has(s.urn)) continue;
    const keys2 = await replaceKeys(d, s, gone);
    if (!keys2) continue;
    gone.add(s.urn);
    found.push({ state: s, keys: keys2 });
  }
  return found;
}
async function replaceKeys(d, s, gone) {
  if (gone.has(s.deletedWith) || s.replaceWith.some((u) => gone.has(u))) return [];
  const hanging = Object.entries(s.propertyDependencies).filter(([, urns]) => urns.some((u) => gone.has(u)));
  if (hanging.length === 0 || !s.provider) return void 0;
  const inputs = { ...s.inputs };
  for (const [k] of hanging) inputs[k] = UNKNOWN;
  const provider2 = await d.provider(s.provider);
  const diff = await provider2.diff(s, inputs, s.ignoreChanges);
  return diff !== "unavailable" && replaces(diff) ? diff.replaces : void 0;
}

// engine/registration.ts
async function register(d, goal) {
  d.ensureRunning();
  const urn = makeUrn(d.o.stack, d.o.project.name, goal.parent, goal.type, goal.name);
  if (d.seen.has(urn)) d.die(urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
  d.seen.add(urn);
  const old = claim(d, goal, urn);
  if (needs(goal).some((u) => d.unmade.has(u))) {
    d.unmade.add(urn);
    return { urn, id: "", outputs: {}, failed: true, skipped: true };
  }
  try {
    const state = isProviderType(goal.type) ? await registerProvider(d, prepare(d, goal, urn, old, "", void 0)) : await registerResource(d, goal, urn, old);
    return { urn, id: state.id, outputs: state.outputs, failed: false };
  } catch (e) {
    if (e instanceof StatusError) {
      if (!d.o.continueOnError || d.aborted) throw e;
    } else {
      d.fault(urn, message(e));
      if (d.aborted) throw new StatusError(Code.UNAVAILABLE, message(e));
    }
    d.unmade.add(urn);
    return { urn, id: "", outputs: {}, failed: true };
  }
}
function needs(goal) {
  const provider2 = goal.provider ? [parseReference(goal.provider).urn] : [];
  return [goal.parent, goal.deletedWith, ...goal.dependencies, ...Object.values(goal.propertyDependencies).flat(), ...provider2];
}
function claim(d, goal, urn) {
  for (const u of [urn, ...formerUrns(d, goal)]) {
    const old = d.olds.get(u);
    if (!old || d.claimed.has(old)) continue;
    d.claimed.add(old);
    if (old.urn !== urn) {
      d.aliased.set(urn, old.urn);
      d.o.snapshot.renamed.set(old.urn, urn);
    }
    return old;
  }
  return void 0;
}
function prepare(d, goal, urn, old, ref, provider2) {
  if (goal.deleteBeforeReplace !== void 0) d.deleteBeforeReplace.set(urn, goal.deleteBeforeReplace);
  const next = emptyState({
    urn,
    type: goal.type,
    custom: goal.custom,
    inputs: normaliseAssets(goal.inputs, d.o.project.pwd),
    parent: goal.parent,
    provider: ref,
    protect: goal.protect ?? false,
    retainOnDelete: goal.retainOnDelete ?? false,
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
    additionalSecretOutputs: goal.additionalSecretOutputs,
    customTimeouts: goal.timeouts,
    deletedWith: goal.deletedWith,
    replaceWith: goal.replaceWith,
    ignoreChanges: goal.ignoreChanges,
    replaceOnChanges: goal.replaceOnChanges,
    ...goal.replacementTrigger === void 0 ? {} : { replacementTrigger: goal.replacementTrigger }
  });
  if (old) {
    next.rest = old.rest;
    next.importID = old.importID;
    next.created = old.created;
    next.modified = old.modified;
  }
  return { d, goal, urn, old, next, provider: provider2 };
}
async function registerResource(d, goal, urn, old) {
  if (!goal.custom) return registerComponent(prepare(d, goal, urn, old, "", void 0));
  const ref = goal.provider || await defaultProvider(d, packageOf(goal.type), goal.version, goal.pluginDownloadURL);
  const w = prepare(d, goal, urn, old, ref, await d.provider(ref));
  const recreated = d.deletedForReplacement.get(old?.urn ?? urn);
  const importedId = old ? old.importID || old.id : "";
  if (goal.importId !== "" && (!old || old.external || importedId !== goal.importId) && !recreated) return applyImport(w);
  if (old && goal.ignoreChanges.length > 0) w.next.inputs = ignoreChanges(w.next.inputs, old.inputs, goal.ignoreChanges);
  await check(w, old && !recreated ? old.inputs : {});
  w.next.inputs = await d.judge(d.subject(w.next, w.next.inputs));
  d.ensureRunning();
  if (!old) return applyCreate(w, "create");
  if (recreated) return applyReplacement(w, { keys: recreated, createFirst: false, follows: true });
  if (old.external) return applyReplacement(w, { keys: [], createFirst: true });
  return decide(w, old);
}
async function registerComponent(w) {
  const { d, old, next } = w;
  next.inputs = await d.judge(d.subject(next, next.inputs));
  d.ensureRunning();
  if (!old) return applyCreate(w, "create");
  if (deepEqual(old.inputs, next.inputs)) return applySame(w);
  return applyUpdate(w, NO_DIFF);
}
async function check(w, olds) {
  const { inputs, failures } = await w.provider.check(w.next, olds, w.next.inputs);
  if (failures.length > 0) failCheck(w, failures);
  w.next.inputs = inputs;
}
function failCheck(w, failures) {
  for (const f of failures.slice(0, -1)) w.d.o.reporter.say("error", failureText(w, f), w.urn);
  return w.d.die(w.urn, failureText(w, failures.at(-1)));
}
function failureText(w, f) {
  const head = `${w.goal.type} resource '${nameOf(w.urn)}'`;
  if (!f.property) return `${head} has a problem: ${f.reason}`;
  const value = w.next.inputs[f.property];
  const shown = typeof value === "string" ? ` value {${value}}` : "";
  return `${head}: property ${f.property}${shown} has a problem: ${f.reason}`;
}
async function decide(w, old) {
  const diff = await compare(w, old);
  if (replaces(diff) || old.pendingReplacement) return replaceWith(w, old, diff);
  if (diff.changes === "some") return applyUpdate(w, diff);
  if (old.initErrors.length > 0) return applyUpdate(w, diff);
  return applySame(w);
}
async function compare(w, old) {
  const { d, goal, next } = w;
  const forced = await forcedReplacement(w, old);
  if (forced) return { ...NO_DIFF, changes: "some", replaces: [forced], diffs: [forced] };
  const diff = await w.provider.diff(old, next.inputs, goal.ignoreChanges);
  if (diff === "unavailable") {
    const text2 = "The provider for this resource has inputs that are not known during preview.\nThis preview may not correctly represent the changes that will be applied during an update.";
    d.o.reporter.say("warning", text2, w.urn);
    return { ...NO_DIFF, changes: "some" };
  }
  return applyReplaceOnChanges(diff, goal.replaceOnChanges);
}
async function forcedReplacement(w, old) {
  const { d, goal, next } = w;
  if (old.provider !== next.provider && await providerChanged(d, old.provider, next.provider)) return "provider";
  if (old.replacementTrigger !== void 0 && !deepEqual(old.replacementTrigger, goal.replacementTrigger)) {
    return "replacementTrigger";
  }
  if (goal.deletedWith && d.replaced.has(goal.deletedWith)) return "deletedWith";
  if (goal.replaceWith.some((u) => d.replaced.has(u))) return "replaceWith";
  return void 0;
}
async function providerChanged(d, oldRef, newRef) {
  if (!oldRef || !newRef) return false;
  const was = parseReference(oldRef).urn;
  const is = parseReference(newRef).urn;
  if (isDefaultProvider(was) && isDefaultProvider(is)) return false;
  const old = d.oldProvider(oldRef);
  const next = d.providerState(newRef);
  if (!old || !next || deepEqual(old.inputs, next.inputs)) return false;
  const provider2 = await d.provider(newRef);
  if (!provider2.configured) return false;
  return replaces(await provider2.diffConfig(old, next.inputs));
}
async function replaceWith(w, old, diff) {
  const { d, goal, next } = w;
  if (old.protect && next.protect) {
    d.die(
      w.urn,
      `unable to replace resource "${w.urn}"
as it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``
    );
  }
  next.inputs = goal.ignoreChanges.length > 0 ? ignoreChanges(normaliseAssets(goal.inputs, d.o.project.pwd), old.inputs, goal.ignoreChanges) : normaliseAssets(goal.inputs, d.o.project.pwd);
  await check(w, {});
  d.replaced.add(w.urn);
  const keys2 = diff.replaces;
  if (old.pendingReplacement) return applyReplacement(w, { keys: keys2, diff, createFirst: false });
  const deleteFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
  if (!deleteFirst) return applyReplacement(w, { keys: keys2, diff, createFirst: true });
  await deleteDependents(d, old);
  await deleteForReplacement(d, old);
  return applyReplacement(w, { keys: keys2, diff, createFirst: false });
}

// engine/defaults.ts
var pending = /* @__PURE__ */ new WeakMap();
function defaultProvider(d, pkg, version, url) {
  let mine = pending.get(d);
  if (!mine) {
    mine = /* @__PURE__ */ new Map();
    pending.set(d, mine);
  }
  const name = defaultProviderName(version);
  let ref = mine.get(`${pkg} ${name}`);
  if (!ref) {
    ref = register(d, defaultGoal(d, pkg, name, version, url)).then((a) => `${a.urn}::${a.id || UNKNOWN}`);
    mine.set(`${pkg} ${name}`, ref);
  }
  return ref;
}
function defaultGoal(d, pkg, name, version, url) {
  const inputs = {};
  for (const [key, value] of Object.entries(d.o.config)) {
    const [head, ...rest] = key.split(":");
    const field = rest[0] === "config" && rest.length > 1 ? rest.slice(1).join(":") : rest.join(":");
    if (head === pkg && field) inputs[field] = d.o.secretKeys.includes(key) ? secret(value) : value;
  }
  if (version) inputs.version = version;
  if (url) inputs.pluginDownloadURL = url;
  return {
    type: providerType(pkg),
    name,
    custom: true,
    parent: "",
    inputs,
    provider: "",
    version: "",
    pluginDownloadURL: "",
    dependencies: [],
    propertyDependencies: {},
    protect: void 0,
    retainOnDelete: void 0,
    deleteBeforeReplace: void 0,
    ignoreChanges: [],
    replaceOnChanges: [],
    replacementTrigger: void 0,
    additionalSecretOutputs: [],
    aliases: [],
    importId: "",
    deletedWith: "",
    replaceWith: [],
    timeouts: {}
  };
}
async function registerProvider(d, w) {
  const { next, old, urn } = w;
  const pkg = packageOfProvider(next.type);
  const news = { ...next.inputs, __internal: next.inputs.__internal ?? {} };
  const { inputs, failures } = await d.o.plugins.checkConfig(urn, next.type, pkg, old?.inputs ?? {}, news);
  if (failures.length > 0) failCheck(w, failures);
  next.inputs = await d.judge(d.subject(next, inputs));
  d.ensureRunning();
  const op = await decideProvider(d, w);
  const fresh = op === "create" || op === "replace";
  next.id = fresh ? d.preview ? UNKNOWN : (0, import_node_crypto6.randomUUID)() : old.id;
  next.outputs = withoutInternal(next.inputs);
  if (op !== "same") next.modified = (/* @__PURE__ */ new Date()).toISOString();
  if (fresh) next.created = next.modified;
  try {
    d.addProvider(next, await d.o.plugins.configure(urn, next.type, pkg, d.preview && fresh ? "" : next.id, next.inputs));
  } catch (e) {
    d.die(urn, `could not configure the provider ${urn}: ${message(e)}`);
  }
  const step = { op, urn, type: next.type, new: next, ...old ? { old } : {} };
  d.o.reporter.begin(step);
  if (op === "replace" && old) {
    old.delete = true;
    d.o.snapshot.changed(old);
  }
  settle(w, op === "replace" ? void 0 : old);
  d.o.reporter.done(step);
  d.o.reporter.outputs(step);
  return next;
}
async function decideProvider(d, w) {
  const { old, next, urn } = w;
  if (!old) return "create";
  if (inputDiff(withoutInternal(old.inputs), withoutInternal(next.inputs)).changes === "none") return "same";
  const bare = await d.o.plugins.bare(urn, packageOfProvider(next.type));
  return replaces(await bare.diffConfig(old, next.inputs)) ? "replace" : "update";
}

// engine/goal.ts
function readGoal(r) {
  const propertyDependencies = {};
  r.getPropertydependenciesMap().forEach((d, k) => {
    propertyDependencies[k] = d.getUrnsList();
  });
  const t = r.getCustomtimeouts();
  const trigger = fromValue(r.getReplacementTrigger());
  return {
    type: r.getType(),
    name: r.getName(),
    custom: r.getCustom(),
    parent: r.getParent(),
    inputs: fromStruct(r.getObject()),
    provider: r.getProvider(),
    version: r.getVersion(),
    pluginDownloadURL: r.getPlugindownloadurl(),
    dependencies: r.getDependenciesList(),
    propertyDependencies,
    protect: r.hasProtect() ? r.getProtect() : void 0,
    retainOnDelete: r.hasRetainondelete() ? r.getRetainondelete() : void 0,
    deleteBeforeReplace: r.getDeletebeforereplacedefined() ? r.getDeletebeforereplace() : void 0,
    ignoreChanges: r.getIgnorechangesList(),
    replaceOnChanges: r.getReplaceonchangesList(),
    replacementTrigger: trigger === void 0 ? void 0 : settle2(trigger),
    additionalSecretOutputs: r.getAdditionalsecretoutputsList(),
    aliases: readAliases(r),
    importId: r.getImportid(),
    deletedWith: r.getDeletedwith(),
    replaceWith: r.getReplaceWithList(),
    timeouts: t ? readTimeouts(t) : {}
  };
}
function readAliases(r) {
  const out = r.getAliasurnsList().map((urn) => ({ urn }));
  for (const a of r.getAliasesList()) {
    const s = a.getSpec();
    if (!s) {
      out.push({ urn: a.getUrn() });
      continue;
    }
    out.push({
      name: s.getName(),
      type: s.getType(),
      stack: s.getStack(),
      project: s.getProject(),
      ...s.hasParenturn() ? { parentUrn: s.getParenturn() } : {},
      noParent: s.hasNoparent() && s.getNoparent()
    });
  }
  return out;
}
function settle2(v) {
  if (typeof v !== "object" || v === null || Array.isArray(v)) return v;
  if (v[SIG] === "d0e6a833031e9bbcd3f4e8bde6ca49a4") return v.value === void 0 ? UNKNOWN : v.value;
  return v;
}
function readTimeouts(t) {
  const out = {};
  const pairs = [
    ["create", t.getCreate()],
    ["update", t.getUpdate()],
    ["delete", t.getDelete()],
    ["read", t.getRead()]
  ];
  for (const [k, text2] of pairs) if (text2) out[k] = seconds(text2);
  return out;
}
var UNIT_SECONDS = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, \u00B5s: 1e-6, ns: 1e-9 };
function seconds(text2) {
  let sum = 0;
  for (const m of text2.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g)) {
    sum += Number(m[1]) * UNIT_SECONDS[m[2]];
  }
  return sum;
}

// engine/reading.ts
async function readResource(d, g) {
  d.ensureRunning();
  const urn = makeUrn(d.o.stack, d.o.project.name, g.parent, g.type, g.name);
  if (d.seen.has(urn)) d.die(urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
  d.seen.add(urn);
  const old = d.olds.get(urn);
  if (old) d.claimed.add(old);
  const ref = g.provider || await defaultProvider(d, packageOf(g.type), g.version, g.pluginDownloadURL);
  const provider2 = await d.provider(ref).catch((e) => d.die(urn, message(e)));
  const stamp = (/* @__PURE__ */ new Date()).toISOString();
  const next = emptyState({
    urn,
    type: g.type,
    custom: true,
    id: g.id,
    inputs: g.inputs,
    parent: g.parent,
    provider: ref,
    external: true,
    dependencies: g.dependencies,
    additionalSecretOutputs: g.additionalSecretOutputs,
    created: old?.created ?? stamp,
    modified: stamp
  });
  const replaces2 = old !== void 0 && old.external && old.id !== g.id;
  const step = { op: replaces2 ? "read-replacement" : "read", urn, type: g.type, new: next, ...old ? { old } : {} };
  await d.slots.run(async () => {
    d.ensureRunning();
    d.o.reporter.begin(step);
    const end = d.preview ? () => void 0 : await d.o.snapshot.begin("reading", { ...next });
    try {
      if (!isUnknown(g.id)) await fill(next, () => provider2.read({ urn, type: g.type, id: g.id }, g.inputs));
    } catch (e) {
      end();
      if (e instanceof ProviderError && e.unknownState) d.o.reporter.maybeCorrupt = true;
      d.fault(urn, message(e));
      d.o.reporter.failed(step);
      throw new StatusError(Code.UNAVAILABLE, message(e));
    }
    next.outputs = markSecrets(next.outputs, next.inputs, g.additionalSecretOutputs);
    d.news.set(urn, next);
    d.o.snapshot.add(next, old);
    end();
    d.o.reporter.done(step);
    d.o.reporter.outputs(step);
  });
  return next;
}
async function fill(next, read2) {
  const found = await read2();
  if (found.id === "") throw new Error(`resource '${next.id}' does not exist`);
  next.id = found.id;
  next.outputs = found.outputs;
  if (found.inputs) next.inputs = found.inputs;
}

// engine/monitor.ts
var { ResourceMonitorService } = proto("resource_grpc_pb");
var { EngineService } = proto("engine_grpc_pb");
var res = proto("resource_pb");
var eng = proto("engine_pb");
var FEATURES = /* @__PURE__ */ new Set(["secrets", "resourceReferences", "outputValues", "aliasSpecs", "deletedWith", "replaceWith", "replacementTrigger"]);
var SEVERITIES = ["debug", "info", "warning", "error"];
function serveMonitor(current, stray) {
  const now2 = () => {
    const c = current();
    if (!c) throw new StatusError(Code.UNAVAILABLE, "no operation is running");
    return c;
  };
  return serve([
    { service: ResourceMonitorService, handlers: monitorHandlers(now2) },
    { service: EngineService, handlers: engineHandlers(current, stray) }
  ]);
}
function monitorHandlers(now2) {
  return {
    supportsFeature: (r) => {
      const a = new res.SupportsFeatureResponse();
      a.setHassupport(FEATURES.has(r.getId()));
      return a;
    },
    registerResource: (r) => during(now2(), (d) => registerResource2(d, r)),
    registerResourceOutputs: (r) => registerOutputs(now2().deployment, r.getUrn(), fromStruct(r.getOutputs())),
    readResource: (r) => during(now2(), (d) => read(d, r)),
    invoke: (r) => during(now2(), (d) => invoke(d, r)),
    signalAndWaitForShutdown: async () => {
      await now2().signal();
      return new Empty();
    },
    registerPackage: (r) => {
      const d = now2().deployment;
      return d.die("", `the package ${r.getName()} is parameterised, which the embedded engine does not offer: use the real engine`);
    },
    call: (r) => {
      return now2().deployment.die("", `the program calls the method ${r.getTok()}, which the embedded engine does not offer: use the real engine`);
    }
  };
}
function during({ deployment: d, first }, work) {
  first();
  const ready = d.ready.catch(() => {
    throw new StatusError(Code.UNAVAILABLE, "the operation is ending");
  });
  return d.track(ready.then(() => work(d)));
}
async function registerResource2(d, r) {
  if (r.getRemote()) {
    d.die("", `${r.getType()} is a remote component, which the embedded engine does not offer: use the real engine`);
  }
  const answer = await register(d, readGoal(r));
  const a = new res.RegisterResourceResponse();
  a.setUrn(answer.urn);
  a.setId(answer.id === "" || answer.failed ? "" : answer.id);
  a.setObject(toStruct(answer.outputs));
  const { FAIL, SKIP, SUCCESS } = res.Result;
  a.setResult(answer.skipped ? SKIP : answer.failed ? FAIL : SUCCESS);
  return a;
}
function registerOutputs(d, urn, raw) {
  const outputs = normaliseAssets(raw, d.o.project.pwd);
  const state = d.news.get(urn);
  if (!state) d.die(urn, `the program registers outputs of ${urn}, which it has not registered`);
  if (urn === d.stackUrn) {
    d.stackOutputs = outputs;
    return new Empty();
  }
  state.outputs = outputs;
  d.o.snapshot.changed(state);
  const step = d.awaitingOutputs.get(urn);
  d.awaitingOutputs.delete(urn);
  if (step) d.o.reporter.outputs(step);
  return new Empty();
}
async function read(d, r) {
  const state = await readResource(d, {
    type: r.getType(),
    name: r.getName(),
    id: r.getId(),
    parent: r.getParent(),
    provider: r.getProvider(),
    version: r.getVersion(),
    pluginDownloadURL: r.getPlugindownloadurl(),
    inputs: fromStruct(r.getProperties()),
    dependencies: r.getDependenciesList(),
    additionalSecretOutputs: r.getAdditionalsecretoutputsList()
  });
  const a = new res.ReadResourceResponse();
  a.setUrn(state.urn);
  a.setProperties(toStruct(state.outputs));
  return a;
}
async function invoke(d, r) {
  d.ensureRunning();
  const token = r.getTok();
  const args = fromStruct(r.getArgs());
  const a = new provproto.InvokeResponse();
  if (packageOf(token) === "pulumi") {
    a.setReturn(toStruct(builtin(d, token, args)));
    return a;
  }
  let result;
  try {
    const ref = r.getProvider() || await defaultProvider(d, packageOf(token), r.getVersion(), r.getPlugindownloadurl());
    const provider2 = await d.provider(ref);
    result = await provider2.invoke(token, args, d.preview);
  } catch (e) {
    if (e instanceof StatusError) throw e;
    throw new StatusError(Code.UNKNOWN, `invocation of ${token} returned an error: ${message(e)}`);
  }
  a.setReturn(toStruct(result.result));
  a.setFailuresList(
    result.failures.map((f) => {
      const c = new provproto.CheckFailure();
      c.setProperty(f.property);
      c.setReason(f.reason);
      return c;
    })
  );
  return a;
}
function builtin(d, token, args) {
  if (token === "pulumi:pulumi:getResource") {
    const state = d.news.get(String(args.urn));
    if (!state) throw new StatusError(Code.UNKNOWN, `unknown resource ${args.urn}`);
    return { urn: state.urn, id: state.id, state: state.outputs };
  }
  return d.die("", `the program calls ${token}, which the embedded engine does not offer: use the real engine`);
}
function engineHandlers(current, stray) {
  let root = "";
  return {
    log: (r) => {
      const severity = SEVERITIES[r.getSeverity()] ?? "info";
      const text2 = r.getMessage().replace(/\n$/, "");
      const reporter = current()?.deployment.o.reporter;
      if (reporter) reporter.say(severity, text2, r.getUrn() || void 0, r.getEphemeral());
      else stray(severity, text2);
      return new Empty();
    },
    getRootResource: () => {
      const a = new eng.GetRootResourceResponse();
      a.setUrn(root);
      return a;
    },
    setRootResource: (r) => {
      root = r.getUrn();
      return new eng.SetRootResourceResponse();
    },
    requirePulumiVersion: () => new eng.RequirePulumiVersionResponse()
  };
}

// engine/plugins.ts
var import_node_fs3 = require("node:fs");
var import_node_path4 = require("node:path");

// engine/processes.ts
var import_node_child_process = require("node:child_process");
var OPEN_NAMES = /^(PATH|HOME|TMPDIR|TMP|TEMP|LANG|LC_\w+|TZ|USER|LOGNAME|SHELL|NODE_\w+|CUTOVER_\w+|SSL_CERT_(FILE|DIR))$/;
var SECRET_NAMES = /PASS|SECRET|TOKEN|CREDENTIAL|PRIVATE|_KEY(_|$)|AUTH/i;
var CREDENTIALS = {
  genesyscloud: ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"],
  carrier: ["TELNYX_API_KEY"],
  command: ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET", "TELNYX_API_KEY"],
  gates: ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET", "TELNYX_API_KEY"],
  aws: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  cloudflare: ["CLOUDFLARE_API_TOKEN"]
};
var EVERY_CREDENTIAL = new Set(Object.values(CREDENTIALS).flat());
function open2(env) {
  const out = {};
  for (const [k, v] of Object.entries(env)) {
    if (v !== void 0 && OPEN_NAMES.test(k) && !SECRET_NAMES.test(k)) out[k] = v;
  }
  return out;
}
function pluginEnv(name, given, parent = process.env) {
  const out = { ...open2(parent), ...open2(given) };
  for (const k of CREDENTIALS[name] ?? []) {
    const v = given[k] ?? parent[k];
    if (v !== void 0) out[k] = v;
  }
  return out;
}
function programEnv(given, parent = process.env) {
  const out = open2(parent);
  for (const [k, v] of Object.entries(given)) {
    if (v !== void 0 && !EVERY_CREDENTIAL.has(k) && !k.startsWith("PULUMI_CONFIG_PASSPHRASE")) out[k] = v;
  }
  return out;
}
var children = /* @__PURE__ */ new Set();
var watching = false;
var GRACE_MS = 2e3;
function signalGroup(child, signal) {
  if (child.pid === void 0) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
  }
}
function watchOwnEnd() {
  if (watching) return;
  watching = true;
  process.on("exit", () => {
    for (const c of children) signalGroup(c, "SIGKILL");
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      for (const c of children) signalGroup(c, "SIGTERM");
      process.exit(128 + { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal]);
    });
  }
}
function start(file, args, o) {
  watchOwnEnd();
  const child = (0, import_node_child_process.spawn)(file, args, {
    cwd: o.cwd,
    env: o.env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe", ...o.ipc ? ["ipc"] : []]
  });
  children.add(child);
  child.stdin?.on("error", () => void 0);
  const exited = new Promise((ok) => {
    child.once("error", () => ok(127));
    child.once("close", (code) => ok(code));
  });
  void exited.then(() => children.delete(child));
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    signalGroup(child, "SIGTERM");
    const kill = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS);
    await exited;
    clearTimeout(kill);
  };
  return { child, exited, end };
}
function onLines(stream, line) {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop();
    for (const p of parts) line(p);
  });
  stream?.on("end", () => {
    if (rest) line(rest);
  });
}
function firstPort(s, what, ms, onOutput) {
  const said = [];
  onLines(s.child.stderr, (l) => {
    if (said.length < 20) said.push(l);
    onOutput(l);
  });
  return new Promise((ok, no) => {
    let port;
    const fail2 = (why) => no(new Error(`${what} ${why}${said.length ? `: ${said.join("\n")}` : ""}`));
    const timer = setTimeout(() => fail2(`printed no port within ${ms / 1e3} s`), ms);
    onLines(s.child.stdout, (l) => {
      if (port !== void 0) return onOutput(l);
      port = Number(l.trim());
      clearTimeout(timer);
      if (Number.isInteger(port) && port > 0) ok(port);
      else fail2(`printed ${JSON.stringify(l)} instead of its port`);
    });
    void s.exited.then((code) => {
      clearTimeout(timer);
      if (port === void 0) fail2(`ended with code ${code} before it printed its port`);
    });
  });
}

// engine/plugins.ts
var { ResourceProviderService } = proto("provider_grpc_pb");
var START_MS = 3e4;
var Plugins = class {
  constructor(project, pluginPath, env, engineAddress, output) {
    this.project = project;
    this.pluginPath = pluginPath;
    this.env = env;
    this.engineAddress = engineAddress;
    this.output = output;
  }
  project;
  pluginPath;
  env;
  engineAddress;
  output;
  // One process for each provider resource, by URN, as the CLI has it: two configurations never share one.
  kept = /* @__PURE__ */ new Map();
  spare = /* @__PURE__ */ new Map();
  /** Starts a plug-in before anybody asks for it. A failure shows when it is asked for. */
  warm(pkg) {
    if (this.spare.has(pkg)) return;
    const running = this.launch(pkg);
    running.catch(() => void 0);
    this.spare.set(pkg, running);
  }
  /** Inputs of a provider resource as the plug-in wants them. */
  async checkConfig(urn, type, pkg, olds, news) {
    const { client } = await this.get(urn, pkg).running;
    const r = new provproto.CheckRequest();
    r.setUrn(urn);
    r.setName(nameOf(urn));
    r.setType(type);
    r.setOlds(toStruct(withoutInternal(olds)));
    r.setNews(toStruct(withoutInternal(news)));
    const a = await client.soft("checkConfig", r);
    const checked = a?.getInputs()?.toJavaScript();
    const failures = a?.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() })) ?? [];
    return { inputs: { ...checked ?? withoutInternal(news), __internal: news.__internal ?? {} }, failures };
  }
  /** A provider for these settings. A live one with the same settings is used as it is. */
  async configure(urn, type, pkg, id, inputs) {
    const args = withoutInternal(inputs);
    const settings = JSON.stringify(args);
    let kept = this.get(urn, pkg);
    if (kept.provider && kept.settings === settings && isAlive(await kept.running)) return kept.provider;
    if (isUnconfigurable(args)) {
      const { client } = await kept.running;
      return new Provider(client, { secrets: false, resources: false, preview: false }, false);
    }
    if (kept.settings !== void 0) {
      await this.stop(kept);
      this.kept.delete(urn);
      kept = this.get(urn, pkg);
    }
    kept.settings = settings;
    const running = await kept.running;
    kept.provider = await this.send(running, urn, type, pkg, id, args);
    return kept.provider;
  }
  /** An unconfigured client of the provider, for questions about its configuration. */
  async bare(urn, pkg) {
    const { client } = await this.get(urn, pkg).running;
    return new Provider(client, { secrets: false, resources: false, preview: false }, true);
  }
  async close() {
    const spare = [...this.spare.values()].map((running) => ({ running }));
    const all = [...this.kept.values(), ...spare];
    this.kept.clear();
    this.spare.clear();
    await Promise.all(all.map((k) => this.stop(k)));
  }
  async send(running, urn, type, pkg, id, args) {
    const r = new provproto.ConfigureRequest();
    r.setArgs(toStruct(args));
    for (const [k, v] of Object.entries(args)) if (k !== "version") r.getVariablesMap().set(`${pkg}:config:${k}`, text(v));
    r.setAcceptsecrets(true);
    r.setAcceptresources(true);
    r.setSendsOldInputs(true);
    r.setSendsOldInputsToDelete(true);
    r.setId(id || UNKNOWN);
    r.setUrn(urn);
    r.setName(nameOf(urn));
    r.setType(type);
    const a = await running.client.call("configure", r);
    const abilities = running.handshake ?? {
      secrets: a.getAcceptsecrets(),
      resources: a.getAcceptresources(),
      preview: a.getSupportspreview()
    };
    return new Provider(running.client, abilities, true);
  }
  get(urn, pkg) {
    let kept = this.kept.get(urn);
    if (!kept) {
      const running = this.spare.get(pkg) ?? this.launch(pkg);
      this.spare.delete(pkg);
      running.catch(() => this.kept.delete(urn));
      kept = { running };
      this.kept.set(urn, kept);
      const mine = kept;
      void running.then((r) => r.process.exited).then(() => this.kept.get(urn) === mine && this.kept.delete(urn), () => void 0);
    }
    return kept;
  }
  async stop(kept) {
    const running = await kept.running.catch(() => void 0);
    if (!running) return;
    await running.client.soft("cancel", new Empty()).catch(() => void 0);
    running.client.close();
    await running.process.end();
  }
  async launch(pkg) {
    const file = this.find(pkg);
    const process2 = start(file, [this.engineAddress()], {
      cwd: this.project.pwd,
      env: { ...pluginEnv(pkg, this.env), CUTOVER_PLUGIN_STDIN: "1", PULUMI_PROJECT: this.project.name }
    });
    const port = await firstPort(process2, `the plug-in ${file}`, START_MS, (l) => this.output(pkg, l));
    const client = new Client(ResourceProviderService, `127.0.0.1:${port}`);
    const r = new provproto.ProviderHandshakeRequest();
    r.setEngineAddress(this.engineAddress());
    r.setRootDirectory(this.project.root);
    r.setProgramDirectory(this.project.pwd);
    r.setConfigureWithUrn(true);
    r.setInvokeWithPreview(true);
    const a = await client.soft("handshake", r);
    const handshake = a && { secrets: a.getAcceptSecrets(), resources: a.getAcceptResources(), preview: true };
    return { process: process2, client, handshake };
  }
  /** `pulumi-resource-<name>`: the caller's directories, then the directory Pulumi.yaml names. */
  find(pkg) {
    const named = this.project.plugins.get(pkg);
    const dirs = [...this.pluginPath, ...named ? [named] : []];
    for (const file of dirs.map((d) => (0, import_node_path4.join)(d, `pulumi-resource-${pkg}`))) {
      try {
        (0, import_node_fs3.accessSync)(file, import_node_fs3.constants.X_OK);
        return file;
      } catch {
      }
    }
    throw new UserError(
      `no plug-in for the package "${pkg}": expected an executable pulumi-resource-${pkg} in ${dirs.join(", ") || "a directory of plugins.providers in Pulumi.yaml"}`
    );
  }
};
var isAlive = (r) => r.process.child.exitCode === null && r.process.child.signalCode === null;
function text(v) {
  const p = isSecret(v) ? plain(v) : v;
  return typeof p === "string" ? p : JSON.stringify(p);
}

// engine/policy.ts
var import_node_fs4 = require("node:fs");
var import_node_path5 = require("node:path");
var { AnalyzerService } = proto("analyzer_grpc_pb");
var pb = proto("analyzer_pb");
var START_MS2 = 6e4;
var LEVELS = ["advisory", "mandatory", "disabled", "remediate"];
var PolicyPack = class _PolicyPack {
  constructor(path, process2, client) {
    this.path = path;
    this.process = process2;
    this.client = client;
  }
  path;
  process;
  client;
  name = "";
  version = "";
  policies = [];
  /** Starts the pack in `dir` (its package.json's main). Throws UserError when it cannot be loaded. */
  static async start(o) {
    if (!(0, import_node_fs4.existsSync)((0, import_node_path5.join)(o.dir, "package.json"))) {
      throw new UserError(`the policy pack ${o.dir} has no package.json: expected a directory with a built pack`);
    }
    const env = { ...pluginEnv("policy", o.env), PULUMI_NODEJS_TYPESCRIPT: "false" };
    const process2 = start(globalThis.process.execPath, [o.hostFile, "pack", o.dir], { cwd: o.dir, env, ipc: true });
    process2.child.on("error", () => void 0);
    process2.child.send({ env: environment(o.settings), args: [o.engineAddress, o.dir] });
    let port;
    try {
      port = await firstPort(process2, `the policy pack ${o.dir}`, START_MS2, o.output);
    } catch (e) {
      await process2.end();
      throw new UserError(e.message);
    }
    const pack = new _PolicyPack(o.dir, process2, new Client(AnalyzerService, `127.0.0.1:${port}`));
    await pack.configureStack(o.settings);
    await pack.learn();
    return pack;
  }
  get alive() {
    return this.process.child.exitCode === null && this.process.child.signalCode === null;
  }
  /** Names of the pack's policies, disabled ones included. */
  get policyNames() {
    return this.policies.map((p) => p.name);
  }
  /** Tells the living pack what the next operation is. Costs one message: nothing is loaded again. */
  async prepare(settings) {
    const { child } = this.process;
    const taken = new Promise((ok, no) => {
      child.once("message", () => ok());
      child.once("exit", () => no(new Error(`the policy pack ${this.path} died`)));
    });
    child.send({ env: environment(settings) });
    await taken;
    await this.configureStack(settings);
  }
  /** Lets remediation policies change the inputs. Returns the inputs to use and what was changed by which policy. */
  async remediate(s) {
    const changed = [];
    let properties = s.properties;
    if (!this.policies.some((p) => p.level === "remediate")) return { properties, changed };
    const a = await this.client.call("remediate", request(s));
    for (const r of a.getRemediationsList()) {
      if (r.getDiagnostic()) continue;
      const after = fromStruct(r.getProperties());
      const finding = {
        policy: r.getPolicyname(),
        pack: r.getPolicypackname(),
        version: r.getPolicypackversion(),
        level: "remediate",
        message: r.getDescription(),
        urn: s.state.urn
      };
      changed.push({ finding, before: properties, after });
      properties = after;
    }
    return { properties, changed };
  }
  /** Findings on one resource, and how many policies looked at it. */
  async analyze(s) {
    const r = request({ ...s, properties: withoutInternal(s.properties) });
    const a = await this.client.call("analyze", r);
    return this.answer(a, "resource", s.state.urn);
  }
  /** Findings on the whole stack. */
  async analyzeStack(subjects, stackUrn) {
    if (!this.policies.some((p) => p.kind === "stack" && p.level !== "disabled")) return { findings: [], evaluated: [] };
    const r = new pb.AnalyzeStackRequest();
    r.setResourcesList(subjects.map(resource));
    const a = await this.client.call("analyzeStack", r);
    return this.answer(a, "stack", stackUrn);
  }
  async close() {
    this.client.close();
    await this.process.end();
  }
  answer(a, kind, urn) {
    const skipped = new Set(a.getNotApplicableList().map((n) => n.getPolicyName()));
    const evaluated = this.policies.filter((p) => p.kind === kind && p.level !== "disabled" && !skipped.has(p.name)).map((p) => p.name);
    const findings = a.getDiagnosticsList().map((d) => {
      const level = LEVELS[d.getEnforcementlevel()];
      return {
        policy: d.getPolicyname(),
        pack: d.getPolicypackname(),
        version: d.getPolicypackversion(),
        // What still violates after remediation counts as mandatory.
        level: level === "remediate" ? "mandatory" : level,
        message: d.getMessage(),
        urn: d.getUrn() || urn
      };
    });
    return { findings: findings.filter((f) => f.level !== "disabled"), evaluated };
  }
  async configureStack(s) {
    const r = new pb.AnalyzerStackConfigureRequest();
    r.setStack(s.stack);
    r.setProject(s.project);
    r.setOrganization("organization");
    r.setDryRun(s.dryRun);
    r.setConfigSecretKeysList(s.secretKeys);
    for (const [k, v] of Object.entries(s.config)) r.getConfigMap().set(k, v);
    await this.client.soft("configureStack", r);
  }
  /** Asks what policies there are and sets each to its level and defaults (initial configuration over schema). */
  async learn() {
    const info = await this.client.call("getAnalyzerInfo", new Empty());
    this.name = info.getName();
    this.version = info.getVersion();
    const initial = info.getInitialconfigMap();
    const r = new pb.ConfigureAnalyzerRequest();
    for (const p of info.getPoliciesList()) {
      const given = initial.get(p.getName()) ?? initial.get("all");
      const level = given ? given.getEnforcementlevel() : p.getEnforcementlevel();
      const schema = fromStruct(p.getConfigschema()?.getProperties());
      const properties = {};
      for (const [k, v] of Object.entries(schema)) if (isObject(v) && v.default !== void 0) properties[k] = v.default;
      Object.assign(properties, fromStruct(given?.getProperties()));
      const config = new pb.PolicyConfig();
      config.setEnforcementlevel(level);
      config.setProperties(toStruct(properties));
      r.getPolicyconfigMap().set(p.getName(), config);
      const kind = p.getPolicyType() === pb.PolicyType.POLICY_TYPE_STACK ? "stack" : "resource";
      this.policies.push({ name: p.getName(), kind, level: LEVELS[level] });
    }
    await this.client.call("configure", r);
  }
};
function environment(s) {
  return {
    PULUMI_CONFIG: JSON.stringify(s.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(s.secretKeys),
    PULUMI_NODEJS_ORGANIZATION: "organization",
    PULUMI_NODEJS_PROJECT: s.project,
    PULUMI_NODEJS_STACK: s.stack,
    PULUMI_NODEJS_DRY_RUN: String(s.dryRun)
  };
}
function options(s) {
  const o = new pb.AnalyzerResourceOptions();
  o.setProtect(s.state.protect);
  o.setIgnorechangesList(s.state.ignoreChanges);
  o.setDeletebeforereplace(s.deleteBeforeReplace === true);
  o.setDeletebeforereplacedefined(s.deleteBeforeReplace !== void 0);
  o.setAdditionalsecretoutputsList(s.state.additionalSecretOutputs);
  o.setParent(s.state.parent);
  const t = new pb.AnalyzerResourceOptions.CustomTimeouts();
  t.setCreate(s.state.customTimeouts.create ?? 0);
  t.setUpdate(s.state.customTimeouts.update ?? 0);
  t.setDelete(s.state.customTimeouts.delete ?? 0);
  o.setCustomtimeouts(t);
  return o;
}
function provider(s) {
  if (!s.provider || isProviderType(s.state.type)) return void 0;
  const p = new pb.AnalyzerProviderResource();
  p.setType(s.provider.type);
  p.setUrn(s.provider.urn);
  p.setName(nameOf(s.provider.urn));
  p.setProperties(toStruct(withoutInternal(s.provider.inputs)));
  return p;
}
function request(s) {
  const r = new pb.AnalyzeRequest();
  r.setType(s.state.type);
  r.setUrn(s.state.urn);
  r.setName(nameOf(s.state.urn));
  r.setProperties(toStruct(s.properties));
  r.setOptions(options(s));
  r.setProvider(provider(s));
  return r;
}
function resource(s) {
  const r = new pb.AnalyzerResource();
  r.setType(s.state.type);
  r.setUrn(s.state.urn);
  r.setName(nameOf(s.state.urn));
  r.setProperties(toStruct(withoutInternal(s.properties)));
  r.setOptions(options(s));
  r.setProvider(provider(s));
  r.setParent(s.state.parent);
  r.setDependenciesList(s.state.dependencies);
  for (const [k, urns] of Object.entries(s.state.propertyDependencies)) {
    const d = new pb.AnalyzerPropertyDependencies();
    d.setUrnsList(urns);
    r.getPropertydependenciesMap().set(k, d);
  }
  return r;
}

// engine/program.ts
var import_node_fs5 = require("node:fs");
var import_node_path6 = require("node:path");
var ALREADY_TOLD = 32;
var ProgramStarter = class {
  constructor(project, hostFile2, env) {
    this.project = project;
    this.hostFile = hostFile2;
    this.env = env;
  }
  project;
  hostFile;
  env;
  warm;
  /** Starts the host that the next `run` will use, unless it is there already. */
  prepare() {
    this.warm ??= this.host();
  }
  run(s, output) {
    const host2 = this.warm ?? this.host();
    this.warm = void 0;
    onLines(host2.child.stdout, (l) => output(l, false));
    onLines(host2.child.stderr, (l) => output(l, true));
    host2.child.send({ env: this.environment(s), args: this.args(s) });
    const ended = host2.exited.then((code) => ({ ok: code === 0, told: code === ALREADY_TOLD, code }));
    return { ended, stop: () => host2.end() };
  }
  async close() {
    const warm = this.warm;
    this.warm = void 0;
    await warm?.end();
  }
  host() {
    const { root } = this.project;
    const args = [this.hostFile, "program", root, this.preloads().join(",")];
    const s = start(process.execPath, args, { cwd: root, env: programEnv(this.env), ipc: true });
    s.child.on("error", () => void 0);
    return s;
  }
  /** SDK packages the program asks for at its top, so that a warm host has them loaded. */
  preloads() {
    const file = this.mainFile();
    if (!file) return [];
    const text2 = (0, import_node_fs5.readFileSync)(file, "utf8");
    const names = [...text2.matchAll(/require\("(@pulumi\/[\w./-]+)"\)/g)].map((m) => m[1]);
    return [...new Set(names)].filter((n) => n !== "@pulumi/pulumi");
  }
  mainFile() {
    const { pwd, entry } = this.project;
    const file = (0, import_node_path6.join)(pwd, entry === "." ? "index.js" : entry);
    return (0, import_node_fs5.existsSync)(file) ? file : void 0;
  }
  args(s) {
    const { root, name, pwd, entry } = this.project;
    const pairs = [
      ["--monitor", s.monitor],
      ["--engine", s.engine],
      ["--organization", "organization"],
      ["--project", name],
      ["--root-directory", root],
      ["--stack", s.stack],
      ["--pwd", pwd],
      ["--parallel", String(s.parallel)]
    ];
    return [...pairs.flat(), ...s.dryRun ? ["--dry-run"] : [], entry];
  }
  environment(s) {
    return {
      PULUMI_CONFIG: JSON.stringify(s.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(s.secretKeys),
      PULUMI_NODEJS_TYPESCRIPT: "false",
      PULUMI_NODEJS_ORGANIZATION: "organization",
      PULUMI_NODEJS_PROJECT: this.project.name,
      PULUMI_NODEJS_ROOT_DIRECTORY: this.project.root,
      PULUMI_NODEJS_STACK: s.stack,
      PULUMI_NODEJS_DRY_RUN: String(s.dryRun),
      PULUMI_NODEJS_MONITOR: s.monitor,
      PULUMI_NODEJS_ENGINE: s.engine,
      PULUMI_NODEJS_PARALLEL: String(s.parallel)
    };
  }
};

// engine/project.ts
var import_node_fs6 = require("node:fs");
var import_node_path7 = require("node:path");
var import_yaml = __toESM(require_dist());
function readProject(dir) {
  const file = (0, import_node_path7.join)((0, import_node_path7.resolve)(dir), "Pulumi.yaml");
  let yaml;
  try {
    yaml = (0, import_yaml.parse)((0, import_node_fs6.readFileSync)(file, "utf8"));
  } catch (e) {
    throw new UserError(`${file} cannot be read (${e.message.split("\n")[0]}): expected a Pulumi project file`);
  }
  const runtime = yaml.runtime;
  const language = typeof runtime === "string" ? runtime : runtime?.name;
  if (typeof yaml.name !== "string" || language !== "nodejs") {
    throw new UserError(`${file} has name ${JSON.stringify(yaml.name)} and runtime ${JSON.stringify(language)}: expected a name and the runtime nodejs`);
  }
  const root = (0, import_node_path7.dirname)(file);
  const plugins = /* @__PURE__ */ new Map();
  const listed = yaml.plugins?.providers ?? [];
  for (const p of listed) plugins.set(p.name, (0, import_node_path7.resolve)(root, p.path));
  return { name: yaml.name, root, ...entryPoint(root, yaml.main), plugins };
}
function entryPoint(root, main) {
  if (typeof main !== "string") return { pwd: root, entry: "." };
  const at = (0, import_node_path7.resolve)(root, main);
  if ((0, import_node_fs6.existsSync)(at) && (0, import_node_fs6.statSync)(at).isDirectory()) return { pwd: at, entry: "." };
  return { pwd: (0, import_node_path7.dirname)(at), entry: (0, import_node_path7.basename)(at) };
}

// engine/refresh.ts
async function refreshAll(d) {
  const states = d.o.loaded.states.filter((s) => !s.delete && !isProviderType(s.type));
  const gone = /* @__PURE__ */ new Set();
  await Promise.all(states.map((s) => d.slots.run(() => refreshOne(d, s, gone))));
  if (gone.size > 0) forget(d, gone);
}
async function refreshOne(d, s, gone) {
  if (d.aborted) return;
  const was = { ...s };
  d.o.reporter.begin({ op: "refresh", urn: s.urn, type: s.type, old: was, new: was });
  const end = (step) => {
    d.o.reporter.done(step);
    d.o.reporter.outputs(step);
  };
  const head = { urn: s.urn, type: s.type, old: was, refresh: true };
  if (!s.custom || s.pendingReplacement) return end({ ...head, op: "same", new: s });
  let read2;
  try {
    read2 = await (await d.provider(s.provider)).read(s, s.outputs, s.inputs);
  } catch (e) {
    if (!(e instanceof InitError)) return failRead(d, s, was, e);
    read2 = { id: e.id || s.id, outputs: e.outputs, ...e.inputs ? { inputs: e.inputs } : {} };
    s.initErrors = e.reasons;
  }
  if (read2.id === "") {
    gone.add(s.urn);
    d.o.snapshot.drop(s);
    return end({ ...head, op: "delete" });
  }
  const inputs = read2.inputs ? keepSecrets(s.inputs, read2.inputs) : s.inputs;
  const outputs = markSecrets(keepSecrets(s.outputs, read2.outputs), inputs, s.additionalSecretOutputs);
  if (read2.id === s.id && deepEqual(s.outputs, outputs) && deepEqual(s.inputs, inputs)) return end({ ...head, op: "same", new: s });
  Object.assign(s, { id: read2.id, outputs, inputs, modified: (/* @__PURE__ */ new Date()).toISOString() });
  d.o.snapshot.changed(s);
  end({ ...head, op: "update", new: s });
}
function failRead(d, s, was, e) {
  if (e instanceof ProviderError && e.unknownState) d.o.reporter.maybeCorrupt = true;
  d.fault(s.urn, message(e));
  d.o.reporter.failed({ op: "refresh", urn: s.urn, type: s.type, old: was, new: was });
}
function keepSecrets(was, read2) {
  return mapProps(read2, (v, k) => {
    const old = was[k];
    if (old === void 0 || hasSecret(v) || !hasSecret(old)) return v;
    return deepEqual(plain(old), v) ? old : secret(v);
  });
}
function forget(d, gone) {
  const keep = (urns) => urns.filter((u) => !gone.has(u));
  for (const s of d.o.snapshot.states()) {
    s.dependencies = keep(s.dependencies);
    s.replaceWith = keep(s.replaceWith);
    if (gone.has(s.deletedWith)) s.deletedWith = "";
    for (const [k, urns] of Object.entries(s.propertyDependencies)) s.propertyDependencies[k] = keep(urns);
    d.o.snapshot.changed(s);
  }
}

// engine/result.ts
var COUNTED = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  same: "same",
  import: "import",
  "import-replacement": "import"
};
var Reporter = class {
  constructor(onEvent, preview) {
    this.onEvent = onEvent;
    this.preview = preview;
  }
  onEvent;
  preview;
  sequence = 0;
  started = Date.now();
  changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0, import: 0 };
  steps = [];
  violations = [];
  diagnostics = [];
  evaluated = 0;
  /** A provider failed in a way that leaves open what it did. */
  maybeCorrupt = false;
  event(body) {
    this.onEvent?.({ sequence: this.sequence++, timestamp: Math.floor(Date.now() / 1e3), ...body });
  }
  prelude(config, secretKeys) {
    const shown = Object.entries(config).map(([k, v]) => [k, secretKeys.includes(k) ? "[secret]" : v]);
    this.event({ preludeEvent: { config: Object.fromEntries(shown) } });
  }
  /** A step starts. */
  begin(s) {
    if (!isProviderType(s.type)) {
      this.told("resourcePreEvent", s, this.preview ? { planning: true } : {});
    }
  }
  /** A step is done: it counts, and it shows in the result when it changed something. */
  done(s) {
    if (isProviderType(s.type)) return;
    const kind = COUNTED[s.op];
    if (kind) this.changes[kind]++;
    if (s.op !== "same" && s.op !== "read" && s.op !== "refresh") this.steps.push(describe(s));
  }
  /** A step's outputs are known (for a component: when it registers them). */
  outputs(s) {
    if (!isProviderType(s.type)) this.told("resOutputsEvent", s, this.preview ? { planning: true } : {});
  }
  /** A step failed. The event carries how many steps were done until then. */
  failed(s) {
    const steps = Object.values(this.changes).reduce((a, b) => a + b, 0);
    if (!isProviderType(s.type)) this.told("resOpFailedEvent", s, { status: s.refused ? 0 : 2, steps });
  }
  say(severity, message2, urn, ephemeral = false) {
    const prefix = severity === "info" || severity === "info#err" ? "" : `${severity}: `;
    if (severity !== "debug" && !ephemeral) this.diagnostics.push({ severity, message: message2, ...urn ? { urn } : {} });
    this.event({
      diagnosticEvent: { ...urn ? { urn } : {}, prefix, message: `${message2}
`, color: "never", severity }
    });
  }
  finding(f) {
    const level = f.level;
    this.violations.push({ policy: f.policy, resource: f.urn, level, message: f.message });
    if (f.level === "remediate") return;
    this.event({
      policyEvent: {
        resourceUrn: f.urn,
        message: `${f.message}
`,
        color: "never",
        policyName: f.policy,
        ...packOf(f),
        enforcementLevel: f.level
      }
    });
  }
  remediation(f, before, after) {
    this.finding(f);
    this.event({
      policyRemediationEvent: {
        resourceUrn: f.urn,
        color: "raw",
        policyName: f.policy,
        ...packOf(f),
        before: mask(before),
        after: mask(after)
      }
    });
  }
  /** Which policies of a pack passed and failed on a resource (or, without a URN, on the stack). */
  policySummary(kind, pack, evaluated, failed, urn) {
    if (kind !== "policyRemediateSummaryEvent") this.evaluated += evaluated.length;
    if (!this.onEvent) return;
    const bad = [...new Set(failed)].sort();
    const passed = evaluated.filter((n) => !bad.includes(n)).sort();
    this.event({
      [kind]: {
        ...urn ? { resourceUrn: urn } : {},
        ...packOf(pack),
        ...passed.length ? { passed } : {},
        ...bad.length ? { failed: bad } : {}
      }
    });
  }
  /** The last events, and the result. */
  finish(ok, outputs, packs) {
    const seconds2 = (Date.now() - this.started) / 1e3;
    const resourceChanges = Object.fromEntries(Object.entries(this.changes).filter(([, n]) => n > 0));
    this.event({
      summaryEvent: {
        maybeCorrupt: this.maybeCorrupt,
        durationSeconds: Math.floor(seconds2),
        resourceChanges,
        PolicyPacks: packs,
        isPreview: this.preview,
        result: ok ? "succeeded" : "failed"
      }
    });
    this.event({ cancelEvent: {} });
    return {
      ok,
      changes: this.changes,
      steps: this.steps,
      policies: { evaluated: this.evaluated, violations: this.violations },
      diagnostics: this.diagnostics,
      seconds: seconds2,
      outputs
    };
  }
  told(kind, s, more) {
    if (this.onEvent) this.event({ [kind]: { metadata: metadata(s), ...more } });
  }
};
var packOf = (p) => ({
  policyPackName: p.pack,
  policyPackVersion: p.version,
  policyPackVersionTag: p.version
});
function describe(s) {
  const lines = s.old && s.new && s.op !== "delete" ? diffLines(s, s.old, s.new) : void 0;
  return {
    op: s.op,
    urn: s.urn,
    type: s.type,
    name: nameOf(s.urn),
    ...lines && lines.length > 0 ? { diffs: lines } : {},
    ...s.keys && s.keys.length > 0 ? { replaceReasons: s.keys } : {}
  };
}
function diffLines(s, old, news) {
  if (s.refresh) return changedLines(old.outputs, news.outputs);
  return shownDiffs({ detailed: s.detailed ?? null, replaces: s.keys ?? [] }, old, news.inputs);
}
function metadata(s) {
  const logical = !s.refresh && !["create-replacement", "delete-replaced", "refresh", "import-replacement", "read-replacement"].includes(s.op);
  return {
    op: s.op,
    urn: s.urn,
    type: s.type,
    old: s.old ? shownState(s.old) : null,
    new: s.new ? shownState(s.new) : null,
    ...s.keys?.length ? { keys: s.keys } : {},
    ...s.diffs?.length ? { diffs: s.diffs } : {},
    detailedDiff: s.detailed ? Object.fromEntries(
      Object.entries(s.detailed).map(([k, d]) => [k, { diffKind: d.kind, ...d.inputDiff ? { inputDiff: true } : {} }])
    ) : null,
    ...logical ? { logical: true } : {},
    provider: (s.new ?? s.old)?.provider ?? ""
  };
}
function shownState(s) {
  return {
    type: s.type,
    urn: s.urn,
    ...s.custom ? { custom: true } : {},
    ...s.delete ? { delete: true } : {},
    id: s.id,
    parent: s.parent,
    ...s.protect ? { protect: true } : {},
    ...s.retainOnDelete ? { retainOnDelete: true } : {},
    ...s.external ? { external: true } : {},
    inputs: mask(s.inputs),
    outputs: mask(s.outputs),
    provider: s.provider,
    ...s.initErrors.length ? { initErrors: s.initErrors } : {}
  };
}

// engine/snapshot.ts
var Snapshot = class {
  /** `file` undefined: nothing is ever written (a preview). `kept`: pending operations of an earlier crash. */
  constructor(loaded, file, stackName, kept) {
    this.loaded = loaded;
    this.file = file;
    this.stackName = stackName;
    this.kept = kept;
    if (file) this.saved = this.body();
  }
  loaded;
  file;
  stackName;
  kept;
  fresh = [];
  done = /* @__PURE__ */ new Set();
  pending = /* @__PURE__ */ new Map();
  /** Old URN to new URN of renamed resources, for states that still name the old one. */
  renamed = /* @__PURE__ */ new Map();
  texts = /* @__PURE__ */ new WeakMap();
  saved = "";
  dirty = false;
  writing;
  /** A new state is final. */
  add(state, replaces2) {
    this.fresh.push(state);
    if (replaces2) this.done.add(replaces2);
    this.touch();
  }
  /** A state that was there is gone. */
  drop(state) {
    const at = this.fresh.indexOf(state);
    if (at >= 0) this.fresh.splice(at, 1);
    else this.done.add(state);
    this.touch();
  }
  /** A state was changed in place. */
  changed(state) {
    this.texts.delete(state);
    this.touch();
  }
  /** Announces a provider call and waits until the announcement is in the file. Returns what ends it. */
  async begin(type, resource2) {
    const key = {};
    this.pending.set(key, { type, resource: resource2 });
    this.touch();
    await this.save();
    return () => {
      this.pending.delete(key);
      this.texts.delete(resource2);
      this.touch();
    };
  }
  /** All states in an order that holds the integrity rules. */
  states() {
    return [...this.fresh, ...this.loaded.states.filter((s) => !this.done.has(s))];
  }
  /** Writes what is not written yet; `durable` waits for the disk. */
  async flush(durable) {
    while (this.writing) await this.writing;
    this.writing = this.write(durable).finally(() => {
      this.writing = void 0;
    });
    await this.writing;
  }
  touch() {
    this.dirty = true;
    if (this.file && !this.writing) setImmediate(() => this.save().catch(() => void 0));
  }
  /** Resolves when a write that began after this call has ended. */
  async save() {
    if (!this.file) return;
    while (this.dirty || this.writing) {
      if (this.writing) {
        await this.writing;
        continue;
      }
      this.writing = this.write(false).finally(() => {
        this.writing = void 0;
      });
    }
  }
  async write(durable) {
    if (!this.file) return;
    this.dirty = false;
    const body = this.body();
    if (body === this.saved && !durable) return;
    const head = JSON.stringify({ manifest: manifest(), secrets_providers: this.secrets() }).slice(0, -1);
    await writeAtomically(
      this.file,
      `{"version":3,"checkpoint":{"stack":${JSON.stringify(this.stackName)},"latest":${head},${body}}}}
`,
      durable
    );
    this.saved = body;
  }
  secrets() {
    return { type: "passphrase", state: { salt: this.loaded.crypter.salt } };
  }
  body() {
    const states = this.states().map((s) => this.rename(s));
    const wrong = verifyIntegrity(states);
    if (wrong) throw new Error(`the engine was about to save a damaged checkpoint: ${wrong}`);
    const pending2 = [...this.kept, ...this.pending.values()].map(
      (p) => `{"resource":${this.text(this.rename(p.resource))},"type":"${p.type}"}`
    );
    return `"resources":[${states.map((s) => this.text(s)).join(",\n")}]` + (pending2.length > 0 ? `,"pending_operations":[${pending2.join(",")}]` : "") + ',"metadata":{}';
  }
  // Turning a state into text costs far more than joining texts, and most states do not change between two writes.
  text(s) {
    let t = this.texts.get(s);
    if (t === void 0) {
      t = JSON.stringify(sealState(s, this.loaded.book));
      this.texts.set(s, t);
    }
    return t;
  }
  rename(s) {
    if (this.renamed.size === 0) return s;
    const to = (urn) => this.renamed.get(urn) ?? urn;
    const moved = [s.parent, s.deletedWith, ...s.dependencies, ...s.replaceWith].some((u) => this.renamed.has(u));
    const at = s.provider.lastIndexOf("::");
    const byProvider = at > 0 && this.renamed.has(s.provider.slice(0, at));
    const byProperty = Object.values(s.propertyDependencies).some((l) => l.some((u) => this.renamed.has(u)));
    if (!moved && !byProvider && !byProperty) return s;
    const properties = Object.entries(s.propertyDependencies).map(([k, l]) => [k, l.map(to)]);
    return {
      ...s,
      parent: to(s.parent),
      deletedWith: to(s.deletedWith),
      dependencies: s.dependencies.map(to),
      replaceWith: s.replaceWith.map(to),
      propertyDependencies: Object.fromEntries(properties),
      provider: byProvider ? to(s.provider.slice(0, at)) + s.provider.slice(at) : s.provider
    };
  }
};

// engine/engine.ts
var DEFAULT_PARALLEL = 16;
var Engine = class {
  /** Throws UserError when the stack is not a sandbox's, or the project cannot be read. */
  constructor(o) {
    this.o = o;
    if (o.sandbox !== true) {
      throw new UserError(
        `the stack ${o.stack} is not marked \`sandbox: true\` in its plan: the embedded engine runs sandbox stacks only, use the Pulumi CLI for all others`
      );
    }
    this.project = readProject(o.projectDir);
    this.file = stackFile(o.stateDir, this.project.name, o.stack);
    this.hostFile = findHost(o.hostFile, this.project.root);
    this.config = o.config;
    this.secretKeys = o.secretKeys;
    this.plugins = new Plugins(this.project, o.pluginPath, o.env, () => this.address, (name, text2) => {
      this.current?.deployment.o.reporter.say("info#err", `${name}: ${text2}`, void 0, true);
    });
    this.program = new ProgramStarter(this.project, this.hostFile, o.env);
  }
  o;
  project;
  file;
  hostFile;
  plugins;
  program;
  packs;
  packSettings = "";
  monitor;
  address = "";
  current;
  running;
  busy = false;
  config;
  secretKeys;
  /** Sets the stack configuration for the operations to come; plug-ins and packs stay alive. */
  configure(config, secretKeys = this.secretKeys) {
    this.config = config;
    this.secretKeys = secretKeys;
  }
  /** Loads what the first operation will need: program host, packs, plug-ins, the passphrase's key. */
  async warm() {
    await this.serve();
    this.program.prepare();
    this.startPacks(true);
    const loaded = await load(this.file, this.o.passphrase);
    for (const s of loaded.states) if (s.type.startsWith("pulumi:providers:")) this.plugins.warm(packageOfProvider(s.type));
    await this.packs;
  }
  /** What an update would do. Providers that can preview are asked, nothing is written. */
  preview(o = {}) {
    return this.operate("preview", o);
  }
  /** Brings the stack to what the program declares. */
  up(o = {}) {
    return this.operate("update", o);
  }
  /** Reads every resource back into the state. */
  refresh(o = {}) {
    return this.operate("refresh", o);
  }
  /** Deletes every resource of the stack. */
  destroy(o = {}) {
    return this.operate("destroy", o);
  }
  /** The stack's deployment, secrets encrypted, as `pulumi stack export` prints it. */
  async export() {
    const there = await readDeployment(this.file);
    if (there) return { version: 3, deployment: there };
    return { version: 3, deployment: encode([], [], await load(this.file, this.o.passphrase)) };
  }
  /** Replaces the stack's state. Throws UserError when the deployment is another stack's, edited or damaged. */
  async import(data) {
    if (data.version !== 3) throw new UserError(`the deployment has version ${data.version}: expected 3`);
    verifyImport(data.deployment, this.project.name, this.o.stack);
    const release = await this.lock(() => void 0);
    try {
      const { secrets_providers: secrets, ...rest } = data.deployment;
      const salt = secrets?.state?.salt ?? (await Crypter.open(this.o.passphrase)).salt;
      const loaded = await decode({ ...rest, secrets_providers: { type: "passphrase", state: { salt } } }, this.o.passphrase, "the deployment");
      const latest = encode(loaded.states, [], loaded);
      const stack = this.stackName();
      await prepareBackend(this.o.stateDir);
      await writeAtomically(this.file, `${JSON.stringify({ version: 3, checkpoint: { stack, latest } })}
`, true);
    } finally {
      release();
    }
  }
  /** Clears the locks of a dead engine. Returns how many there were. */
  cancel() {
    return clearLocks(this.o.stateDir, this.project.name, this.o.stack);
  }
  /** Ends a running operation in order: steps under way finish and are saved, nothing new starts. */
  interrupt() {
    const d = this.current?.deployment;
    if (d && !d.aborted) d.fault("", "the operation was cancelled");
  }
  /** Ends plug-ins, packs and the warm host. */
  async close() {
    this.interrupt();
    const packs = await this.packs?.catch(() => []);
    this.packs = void 0;
    await Promise.all([this.running?.stop(), this.program.close(), this.plugins.close(), ...(packs ?? []).map((p) => p.close())]);
    (await this.monitor)?.close();
    this.monitor = void 0;
  }
  stackName() {
    return `organization/${this.project.name}/${this.o.stack}`;
  }
  lock(warn) {
    return acquireLock(this.o.stateDir, this.project.name, this.o.stack, warn);
  }
  async operate(kind, options2) {
    if (this.busy) throw new Error("the engine runs one operation at a time");
    this.busy = true;
    const reporter = new Reporter(this.o.onEvent?.bind(this.o), kind === "preview");
    let release = () => void 0;
    try {
      if (kind === "preview" || kind === "update") this.program.prepare();
      const packs = kind === "preview" || kind === "update" ? this.startPacks(kind === "preview") : Promise.resolve([]);
      packs.catch(() => void 0);
      if (kind !== "preview") {
        await prepareBackend(this.o.stateDir);
        release = await this.lock((text2) => reporter.say("warning", text2));
      }
      const [loaded] = await Promise.all([load(this.file, this.o.passphrase), this.serve()]);
      return await this.carryOut(kind, options2, reporter, loaded, packs);
    } finally {
      this.current = void 0;
      this.running = void 0;
      this.busy = false;
      release();
    }
  }
  async carryOut(kind, options2, reporter, loaded, packs) {
    const kept = pendingToKeep(loaded.pending, kind);
    const snapshot = new Snapshot(loaded, kind === "preview" ? void 0 : this.file, this.stackName(), kept);
    const d = new Deployment({
      project: this.project,
      stack: this.o.stack,
      config: this.config,
      secretKeys: this.secretKeys,
      preview: kind === "preview",
      parallel: this.o.parallel ?? DEFAULT_PARALLEL,
      continueOnError: options2.continueOnError ?? false,
      loaded,
      snapshot,
      reporter,
      plugins: this.plugins,
      packs: []
    });
    tellPending(reporter, loaded.pending);
    if (kind === "refresh") {
      reporter.prelude(this.config, this.secretKeys);
      await this.withCurrent(d, () => refreshAll(d));
    } else if (kind === "destroy") {
      reporter.prelude(this.config, this.secretKeys);
      await this.withCurrent(d, () => deleteAll(d, loaded.states));
    } else {
      await this.runProgram(d, packs);
    }
    await snapshot.flush(kind !== "preview");
    if (d.failed && !d.bailed) {
      reporter.say("error", `${kind === "preview" ? "preview" : "update"} failed`);
    }
    const stack = d.news.get(d.stackUrn) ?? snapshot.states().find((s) => s.urn === d.stackUrn);
    const outputs = stack?.outputs ?? {};
    return reporter.finish(!d.failed, outputs, await packVersions(packs));
  }
  async withCurrent(d, work) {
    this.current = { deployment: d, first: () => void 0, signal: () => Promise.resolve() };
    await work();
  }
  /** Runs the program to its end, then deletes what it no longer names, then judges the stack. */
  async runProgram(d, starting) {
    let done = () => void 0;
    const finished = new Promise((ok) => {
      done = ok;
    });
    let signalled = () => void 0;
    const signal = new Promise((ok) => {
      signalled = ok;
    });
    const { reporter } = d.o;
    const ready = Promise.all([starting, deletePending(d)]).then(([packs]) => {
      d.o.packs = packs;
      if (packs.length > 0) reporter.event({ policyLoadEvent: {} });
      reporter.prelude(this.config, this.secretKeys);
    });
    ready.catch(() => void 0);
    d.ready = ready;
    this.current = {
      deployment: d,
      // The next operation's program loads while this one's waits for the world.
      first: () => this.program.prepare(),
      signal: () => {
        signalled();
        return finished;
      }
    };
    const run = this.program.run(
      {
        stack: this.o.stack,
        dryRun: d.preview,
        parallel: d.o.parallel,
        monitor: this.address,
        engine: this.address,
        config: this.config,
        secretKeys: this.secretKeys
      },
      (text2, isError) => reporter.say(isError ? "info#err" : "info", text2, d.stackUrn)
    );
    this.running = run;
    d.onAbort = () => void run.stop();
    try {
      await ready.catch((e) => {
        d.failed = true;
        throw e;
      });
      const early = await Promise.race([signal.then(() => void 0), run.ended]);
      if (early && !d.aborted) programFailed(d, early);
      await d.settled();
      if (!d.failed) await deleteLeftovers(d);
      await finishStack(d);
      if (!d.failed) await d.judgeStack();
    } finally {
      done();
      const stopped = run.ended;
      if (d.failed) void run.stop();
      await stopped;
      this.program.prepare();
    }
  }
  async serve() {
    this.monitor ??= serveMonitor(
      () => this.current,
      () => void 0
    );
    this.address = (await this.monitor).address;
  }
  /** Packs for the next operation: started once, then told of each operation's settings. */
  startPacks(dryRun) {
    const settings = {
      project: this.project.name,
      stack: this.o.stack,
      dryRun,
      config: this.config,
      secretKeys: this.secretKeys
    };
    const before = this.packs;
    const same = JSON.stringify(settings) === this.packSettings;
    this.packSettings = JSON.stringify(settings);
    this.packs = this.readyPacks(before, same, settings);
    this.packs.catch(() => {
      this.packs = void 0;
    });
    return this.packs;
  }
  async readyPacks(before, same, settings) {
    const old = await before?.catch(() => void 0);
    if (old?.every((p) => p.alive)) {
      if (!same) await Promise.all(old.map((p) => p.prepare(settings)));
      return old;
    }
    await this.serve();
    return Promise.all(
      this.o.packs.map(
        (dir) => PolicyPack.start({
          dir: (0, import_node_path8.resolve)(dir),
          hostFile: this.hostFile,
          engineAddress: this.address,
          env: this.o.env,
          settings,
          output: (text2) => this.current?.deployment.o.reporter.say("info#err", text2, void 0, true)
        })
      )
    );
  }
};
function findHost(given, root) {
  const places = [given, (0, import_node_path8.join)(__dirname, "engine-host.js"), (0, import_node_path8.join)(root, "dist", "engine-host.js")];
  const found = places.find((f) => f !== void 0 && (0, import_node_fs7.existsSync)(f));
  if (!found) throw new UserError("the engine's host program dist/engine-host.js is missing: run `npm run build`");
  return found;
}
function programFailed(d, end) {
  if (!end.ok && !end.told) {
    d.o.reporter.say("error", `Program exited with ${end.code === null ? "a signal" : `non-zero exit code: ${end.code}`}`, d.stackUrn);
  }
  d.failed = true;
}
async function finishStack(d) {
  const state = d.news.get(d.stackUrn);
  if (!state) return;
  const old = d.olds.get(d.stackUrn)?.outputs ?? {};
  const news = d.stackOutputs ?? {};
  state.outputs = d.failed ? { ...old, ...news } : news;
  d.o.snapshot.changed(state);
  const step = d.awaitingOutputs.get(d.stackUrn);
  if (step && d.stackOutputs) d.o.reporter.outputs(step);
}
function pendingToKeep(pending2, kind) {
  return kind === "preview" ? [...pending2] : pending2.filter((p) => p.type === "creating");
}
function tellPending(reporter, pending2) {
  if (pending2.length === 0) return;
  const lines = pending2.map((p) => `  * ${p.resource.urn}, interrupted while ${p.type}`);
  reporter.say(
    "warning",
    `Attempting to deploy or update resources with ${pending2.length} pending operations from previous deployment.
${lines.join("\n")}
What became of them is not known: look whether they exist, then refresh, or export, edit and import the stack`
  );
}
async function packVersions(packs) {
  const all = await packs.catch(() => []);
  return Object.fromEntries(all.map((p) => [`${p.name}|local|${p.path}`, p.version]));
}

// engine/testing.ts
var TESTDATA = (0, import_node_path9.join)(__dirname, "testdata");
var host;
function hostFile() {
  if (!host) {
    host = (0, import_node_path9.join)((0, import_node_fs8.mkdtempSync)((0, import_node_path9.join)((0, import_node_os2.tmpdir)(), "cutover-host-")), "engine-host.js");
    (0, import_esbuild.buildSync)({ entryPoints: [(0, import_node_path9.join)(__dirname, "host.ts")], bundle: true, platform: "node", format: "cjs", external: ["@pulumi/*"], outfile: host });
    process.once("exit", () => (0, import_node_fs8.rmSync)((0, import_node_path9.join)(host, ".."), { recursive: true, force: true }));
  }
  return host;
}
var Bench = class {
  dir;
  events = [];
  engine;
  log;
  seen = 0;
  constructor(o = {}, dir = (0, import_node_fs8.mkdtempSync)((0, import_node_path9.join)((0, import_node_os2.tmpdir)(), "cutover-engine-"))) {
    this.dir = dir;
    this.log = (0, import_node_path9.join)(dir, "calls.log");
    (0, import_node_fs8.mkdirSync)((0, import_node_path9.join)(dir, "state"), { recursive: true });
    this.engine = new Engine({
      projectDir: TESTDATA,
      stack: "s",
      stateDir: (0, import_node_path9.join)(dir, "state"),
      passphrase: "demo",
      config: {},
      secretKeys: [],
      packs: [],
      pluginPath: [],
      sandbox: true,
      hostFile: hostFile(),
      onEvent: (e) => this.events.push(e),
      ...o,
      env: { CUTOVER_TEST_LOG: this.log, CUTOVER_TEST_STEER: (0, import_node_path9.join)(dir, "steer.json"), ...o.env }
    });
  }
  /** Sets what the program is to do. */
  set(env, config = {}, secretKeys = []) {
    this.engine.configure({ "scen:env": JSON.stringify(env), ...config }, secretKeys);
    this.events.length = 0;
    return this;
  }
  /** Steers the provider: `{gone, drift, deleteFails, diffUnknown, diffs}`. */
  steer(how) {
    (0, import_node_fs8.writeFileSync)((0, import_node_path9.join)(this.dir, "steer.json"), JSON.stringify(how));
    return this;
  }
  async up(env) {
    return this.set(env).engine.up();
  }
  async preview(env) {
    return this.set(env).engine.preview();
  }
  /** The provider's calls since the last time they were asked for. */
  calls() {
    let text2 = "";
    try {
      text2 = (0, import_node_fs8.readFileSync)(this.log, "utf8");
    } catch {
      return [];
    }
    const all = text2.split("\n").filter(Boolean).map((l) => JSON.parse(l));
    const fresh = all.slice(this.seen);
    this.seen = all.length;
    return fresh;
  }
  /** `create a`, `delete b` ... without checks and diffs. */
  writes() {
    return this.calls().filter((c) => ["create", "update", "delete", "read"].includes(c.call)).map((c) => `${c.call} ${c.name}`);
  }
  stateFile() {
    return (0, import_node_path9.join)(this.dir, "state", ".pulumi", "stacks", "scen", "s.json");
  }
  state() {
    return JSON.parse((0, import_node_fs8.readFileSync)(this.stateFile(), "utf8")).checkpoint.latest;
  }
  async close() {
    await this.engine.close();
    (0, import_node_fs8.rmSync)(this.dir, { recursive: true, force: true });
  }
};

// engine/zz.ts
(async () => {
  for (const N of ["300", "1000"]) {
    const b = new Bench({ onEvent: void 0, env: { CUTOVER_TEST_LOG: "" }, packs: N === "300" ? [__dirname + "/testdata/pack"] : [] });
    b.set({ SCENARIO: "many", N });
    for (let i = 0; i < 4; i++) {
      await new Promise((r2) => setTimeout(r2, i ? 2500 : 0));
      const c = process.cpuUsage();
      const r = i === 0 || i == 3 ? await b.engine.up({}) : await b.engine.preview();
      const c2 = process.cpuUsage(c);
      console.log(N, i, r.ok, r.changes.create, r.changes.same, "wall", r.seconds, "engine cpu ms", (c2.user + c2.system) / 1e3, "rss MB", Math.round(process.memoryUsage().rss / 1e6));
    }
    await b.close();
  }
})();
