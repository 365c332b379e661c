using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Ops that work element by element: a thread for each element.</summary>
internal sealed class ElementwiseCuda : CudaOp
{
    public override string? Refuse(Node node) => CudaActivations.Refuse(node.Op);

    public override void Select(CudaSelection selection, Node node)
    {
        TensorShape shape = node.Output!.Shape;
        int inputs = node.Inputs.Count;
        int[] whole = [.. shape.Dimensions.Select((extent, axis) => node.Inputs.Max(input => input.Shape.Dimensions[axis]))];
        if (!whole.SequenceEqual(shape.Dimensions))
        {
            SelectSum(selection, node, whole);
            return;
        }
        // What is repeated finds its elements by their place.
        EquatableArray<int>[] others = [.. node.Inputs.Select(input => input.Shape.Dimensions).Where(own => !own.Equals(shape.Dimensions))];
        object key = others.Length == 0 ? (node.Op, inputs)
            : (node.Op, inputs, shape.Dimensions, node.Inputs.Select(input => input.Shape).ToEquatableArray());
        CudaKernel kernel = selection.Kernel(node, key, EachElementKernel.Threads, name => others.Length == 0
            ? ElementwiseKernel.Write(name, node.Title, (IElementwise)node.Op, inputs)
            : ElementwiseKernel.Write(name, node.Title, (IElementwise)node.Op, inputs, [.. shape.Dimensions], [.. node.Inputs.Select(
                input => input.Shape.Dimensions.Equals(shape.Dimensions) ? null : (IReadOnlyList<int>)[.. input.Shape.Dimensions])]));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(shape.Size),
            [.. node.Inputs.Select(selection.Of), selection.Of(node.Output!)]);
    }

    /// <summary>The gradient of an operand that was repeated is the sum over all that it met: a team for each element.</summary>
    private static void SelectSum(CudaSelection selection, Node node, int[] whole)
    {
        int[] output = [.. node.Output!.Shape.Dimensions];
        int[][] inputs = [.. node.Inputs.Select(input => input.Shape.Dimensions.ToArray())];
        var reduction = new ReduceKernel(whole, output);
        object key = (node.Op, "sum", output.ToEquatableArray(), inputs.Select(input => input.ToEquatableArray()).ToEquatableArray());
        CudaKernel kernel = selection.Kernel(node, key, reduction.Team.Threads,
            name => reduction.WriteSum(name, node.Title, (IElementwise)node.Op, inputs));
        selection.LaunchForRows(kernel, reduction.Team, CudaCount.OfSamples(node.Output.Shape.Size),
            [.. node.Inputs.Select(selection.Of), selection.Of(node.Output)]);
    }
}

/// <summary>Activations on a GPU.</summary>
internal static class CudaActivations
{
    /// <summary>A function of the user's is C#, which no GPU runs.</summary>
    public static string? Refuse(Op op) => op switch
    {
        ActivationOp { Activation: UserActivation } => Reason,
        ChainOp chain when chain.Steps.Any(step => Refuse(step.Op) is not null) => Reason,
        _ => null,
    };

    public static string? Refuse(Activation? activation) => activation is UserActivation ? Reason : null;

    private const string Reason = "has a function of yours, which is C#, and a GPU runs none";

    /// <summary>What becomes of an element; null for nothing.</summary>
    public static Func<PtxWriter, PtxFloat, PtxFloat>? Epilogue(Activation? activation)
        => activation is null ? null : (writer, x) => Apply(writer, activation, x);

    /// <summary>
    /// The derivative of an activation that is fused into a gradient's node, and what it is found from; nothing where none is.
    /// </summary>
    public static (ProductPartner? Partner, CudaArgument[] Saved) Mask(CudaSelection selection, Node node)
        => node.Mask is var (activation, saved)
            ? (new ProductPartner("saved", (writer, value, other) => Derivative(writer, activation, value, other)), [selection.Of(saved)])
            : (null, []);

    public static PtxFloat Derivative(PtxWriter writer, Activation activation, PtxFloat gradient, PtxFloat saved)
        => new PtxCode(writer).With("gradient", gradient).With("saved", saved).Float(
            ActivationFunction.For(activation).Derivative(ElementValue.Named("gradient"), ElementValue.Named("saved")), "dx");

    public static PtxFloat Apply(PtxWriter writer, Activation activation, PtxFloat x)
        => new PtxCode(writer).With("x", x).Float(ActivationFunction.For(activation).Apply(ElementValue.Named("x")), "y");
}
