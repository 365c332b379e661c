using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class BinaryCpu(Node node) : CpuOp<BinaryOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Either;

    public override void SelectKernels(KernelSelection selection) => selection.CallEach(
        BroadcastMap.Create(selection.NameOf(Node), selection.SummaryOf(Node),
            [("x", Inputs[0].Layout.OfPosition), ("y", Inputs[1].Layout.OfPosition)], Output.Layout.OfPosition,
            Op.Apply, Op.KeepsZero),
        Node, Inputs[0], Inputs[1], Output);
}

internal sealed class BinaryGradientCpu(Node node) : CpuOp<BinaryGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        (bool first, bool second) = BinaryFunctions.Reads(Op.Function, Op.IsOfSecond);
        string[] names = ["outputGradient", .. first ? ["x"] : Array.Empty<string>(), .. second ? ["y"] : Array.Empty<string>()];
        (string, Layouts.Layout)[] inputs = names.Select((name, i) => (name, Inputs[i].Layout.OfPosition)).ToArray();
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        Kernel kernel = Output.Shape == Input.Shape
            ? BroadcastMap.Create(name, summary, inputs, Output.Layout.OfPosition, Op.Apply, Op.KeepsZero)
            : BroadcastSum.Create(name, summary, inputs, Output.Layout.OfPosition, Op.Apply);
        selection.CallEach(kernel, Node, [.. Inputs.Select(input => (Argument)new ValueArgument(input)), new ValueArgument(Output)]);
    }
}

internal sealed class ConcatCpu(Node node) : CpuOp<ConcatOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Any;

    public override bool KeepsDimensions => true;

    /// <summary>Which operands are there already: another concatenation of the same may have others to copy.</summary>
    public override object KernelState => Inputs.Select(operand => operand.AliasOf == Output).ToEquatableArray();

    /// <summary>Operands whose channels or features begin there: whoever computes them writes them where they belong.</summary>
    public override IEnumerable<ValuePart> Parts
    {
        get
        {
            if (Op.Axis != 0)
                yield break;
            int start = 0;
            foreach (Value operand in Inputs)
            {
                if (Inputs.Count(other => other == operand) == 1)
                    yield return new ValuePart(operand, Output, start);
                start += operand.Shape.Dimensions[0];
            }
        }
    }

    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        int start = 0;
        for (int i = 0; i < Inputs.Count; start += Inputs[i].Shape.Dimensions[Op.Axis], i++)
        {
            if (Inputs[i].AliasOf == Output)
                continue;
            // What pads the lanes is written once, behind the last operand.
            MoveRest rest = i == Inputs.Count - 1 ? MoveRest.ClearPadding : MoveRest.Keep;
            MoveOp move = MoveOp.Into(Inputs[i].Shape, Op.Axis, start);
            Kernel kernel = Movement.Create(name, summary, Output.Shape.HasLengths ? move.OfPosition : move,
                Inputs[i].Layout.OfPosition, Output.Layout.OfPosition, rest);
            selection.CallEach(kernel, Node, Inputs[i], Output);
        }
    }
}
