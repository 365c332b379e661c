namespace Sizes
{
    static class Head
    {
        public const int Hidden = 4;
    }

    enum Trainer
    {
        Classes = 3,
    }

    [Network(4)]
    [Linear(4, {|NG2026:Head|}.Hidden, Name = "head"), ReLU, Linear((int){|NG2026:Trainer|}.Classes)]
    partial class Net;

    // A full name is never hidden; neither is one that means the generated member.
    [Network(4)]
    [Linear(4, global::Sizes.Head.Hidden, Name = "head")]
    partial class Right
    {
        public Parameter Weight => Head.Weight;
    }
}
//! NG2026: 'Head' is a class here, but the member 'Head' that NetGen generates in 'Net' hides it, in the attributes of the class as well: give the layer another Name, or write 'global::Sizes.Head'
//! NG2026: 'Trainer' is an enum here, but the member 'Trainer' that NetGen generates in 'Net' hides it, in the attributes of the class as well: write 'global::Sizes.Trainer'
