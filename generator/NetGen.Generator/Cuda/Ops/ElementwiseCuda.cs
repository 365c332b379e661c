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

    public static PtxFloat Apply(PtxWriter writer, Activation activation, PtxFloat x)
        => new PtxCode(writer).With("x", x).Float(ActivationFunction.For(activation).Apply(ElementValue.Named("x")), "y");
}
