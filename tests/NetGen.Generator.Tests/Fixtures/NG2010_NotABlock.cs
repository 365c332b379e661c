[Network(4)]
[Residual<{|NG2010:Plain|}>, Residual<{|NG2010:string|}>, Residual<{|NG2010:int[]|}>]
public partial class Net;

class Plain;
//! NG2010: Residual<Plain> needs a class marked [Block], but 'Plain' is not
//! NG2010: Residual<string> needs a class marked [Block], but 'string' is not
//! NG2010: Residual<int[]> needs a class marked [Block], but 'int[]' is not
