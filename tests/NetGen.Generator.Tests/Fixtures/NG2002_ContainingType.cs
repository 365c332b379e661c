class {|CS0260,NG2002:Outer|}
{
    public partial struct Middle
    {
        [Network(4)]
        [Linear(2)]
        public partial class Net;
    }
}
//! NG2002: 'Outer' must be declared partial, because the network 'Net' is nested in it
