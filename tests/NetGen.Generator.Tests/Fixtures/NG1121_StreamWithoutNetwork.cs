[{|NG1121:Stream|}]
class Plain;

[Block, {|NG1121:Stream|}, ReLU]
class Body;
//! NG1121: 'Plain' would have no stream: put [Stream] on a class marked [Network]
//! NG1121: 'Body' would have no stream: put [Stream] on a class marked [Network]
