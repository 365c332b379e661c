using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Plans;

/// <summary>What the losses of a network take, in the order in which its trainer keeps it.</summary>
internal static class CudaLosses
{
    public static IReadOnlyList<CudaLoss> Of(IReadOnlyList<PlannedLoss> planned)
    {
        var losses = new List<CudaLoss>();
        int number = 0;
        foreach (PlannedLoss loss in planned)
        {
            var targets = new List<CudaTarget>();
            // Of several forms each has values or labels, and those of one kind are one.
            foreach (TargetParameter parameter in loss.Targets.SelectMany(target => target.Parameters))
            {
                if (targets.Exists(known => known.Parameter is ValueTarget == parameter is ValueTarget))
                    continue;
                TensorShape shape = ShapeOf(parameter, loss.Shapes[0]);
                int perPosition = shape.HasLengths ? shape.Size / shape.Dimensions[0] : shape.Size;
                targets.Add(new CudaTarget(number++, parameter, new Value($"target{losses.Count}{targets.Count}", shape), perPosition));
            }
            losses.Add(new CudaLoss(losses.Count, targets));
        }
        return losses;
    }

    private static TensorShape ShapeOf(TargetParameter parameter, TensorShape output) => parameter switch
    {
        ValueTarget => output,
        ClassTarget { Positions: { } positions } => TensorShape.Vector(positions) with { Elements = ElementType.Int, Axis = output.Axis },
        _ => TensorShape.Vector(1) with { Elements = ElementType.Int },
    };
}
