[{|NG3004:Linear(4)|}, ReLU]
class Forgotten;

[{|NG3004:CrossEntropyLoss|}]
class OnlyLoss;
//! NG3004: The layers of 'Forgotten' have no effect: mark the class [Network(…)] with the shape of its input, or [Block]
//! NG3004: The layers of 'OnlyLoss' have no effect: mark the class [Network(…)] with the shape of its input, or [Block]
