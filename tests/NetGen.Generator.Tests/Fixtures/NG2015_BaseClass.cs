abstract class Base
{
    public abstract int InputSize { get; }

    public abstract void Save(string path);

    public virtual int OutputSize => 3;
}

[Network(4), Linear(4, 3)]
partial class {|CS0534,NG2015:Net|} : Base;
//! NG2015: 'Base' declares a member 'InputSize', which NetGen generates: rename it or remove it
