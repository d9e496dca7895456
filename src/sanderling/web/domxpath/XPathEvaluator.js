// https://dom.spec.whatwg.org/#mixin-xpathevaluatorbase

import { domException } from '../dom/DOMException.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { compileXPath } from './compile.js';
import { makeXPathResult } from './XPathResult.js';

class XPathExpressionImpl extends Impl {
  constructor(expression) {
    super();
    this.expression = expression;
  }
}

class XPathEvaluatorImpl extends Impl {}

// https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathExpression-evaluate
function evaluateXPath(expression, node, type) {
  // The context is a node of the data model: document types and fragments are none.
  if (node.nodeType > 9) throw domException('NotSupportedError', 'The node provided cannot be the context of an XPath expression.');
  return makeXPathResult(expression.run(node, 1, 1), type, node.doc);
}

export const xpathExpressionInterface = defineInterface(`
[Exposed=Window]
interface XPathExpression {
  XPathResult evaluate(Node contextNode, optional unsigned short type = 0, optional XPathResult? result = null);
};
`, {
  // `result` may be used again or not; it never is.
  evaluate: (self, node, type) => evaluateXPath(self.expression, node, type),
}, XPathExpressionImpl);

export const xpathEvaluatorBaseInterface = defineInterface(`
callback interface XPathNSResolver { DOMString? lookupNamespaceURI(DOMString? prefix); };

interface mixin XPathEvaluatorBase {
  [NewObject] XPathExpression createExpression(DOMString expression, optional XPathNSResolver? resolver = null);
  Node createNSResolver(Node nodeResolver);
  XPathResult evaluate(DOMString expression, Node contextNode, optional XPathNSResolver? resolver = null, optional unsigned short type = 0, optional XPathResult? result = null);
};
Document includes XPathEvaluatorBase;
`, {
  createExpression: (self, text, resolver) => new XPathExpressionImpl(compileXPath(text, resolver)),
  createNSResolver: (self, node) => node,
  evaluate: (self, text, node, resolver, type) => evaluateXPath(compileXPath(text, resolver), node, type),
});

export const xpathEvaluatorInterface = defineInterface(`
[Exposed=Window]
interface XPathEvaluator {
  constructor();
};
XPathEvaluator includes XPathEvaluatorBase;
`, {
  constructor: () => new XPathEvaluatorImpl(),
}, XPathEvaluatorImpl);
