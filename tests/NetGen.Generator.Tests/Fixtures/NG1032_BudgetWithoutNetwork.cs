[{|NG1032:Budget(MaxParameters = 10)|}]
class Plain;

[Block, {|NG1032:Budget(MaxParameters = 10)|}, ReLU]
class Block;

[{|NG1032:Budget|}, {|NG3004:ReLU|}]
class Forgotten;
//! NG1032: The budget of 'Plain' would hold nothing to its limits: put it on a class marked [Network]
//! NG1032: The budget of 'Block' would hold nothing to its limits: put it on a class marked [Network]
//! NG1032: The budget of 'Forgotten' would hold nothing to its limits: put it on a class marked [Network]
//! NG3004: The layers of 'Forgotten' have no effect: mark the class [Network(…)] with the shape of its input, or [Block]
