[Network(4)]
[Linear({|NG1001:5|}, 2)]
public class {|CS0260,NG2001:Net|};
//! NG1001: Linear expects 5 input features, but the network's input gives 4
//! NG2001: 'Net' must be declared partial, so that NetGen can add the generated members to it
