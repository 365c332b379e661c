[Network(4), Linear(3)]
partial class Net
{
    static void Use(Trainer trainer, Scored.Trainer other)
    {
        trainer.{|CS1501,NG2073:Step|}(new float[4], new int[1]);
        trainer.{|CS1501,NG2073:Backward|}(new float[4], new int[1], 1, 2);
        other.{|CS1501:Step|}(new float[4], new int[1], 1, 2, 3);
    }
}

[Network(4), Linear(3), CrossEntropyLoss]
partial class Scored;
//! NG2073: 'Net' has no loss, so that its trainer's Step takes no targets: write one as its last attribute, e.g. [CrossEntropyLoss] for classes or [MSELoss] for numbers
//! NG2073: 'Net' has no loss, so that its trainer's Backward takes no targets: write one as its last attribute, e.g. [CrossEntropyLoss] for classes or [MSELoss] for numbers
