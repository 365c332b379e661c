using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Ops that work element by element: a thread for each element.</summary>
internal sealed class ElementwiseCuda : CudaOp
{
    public override string? Refuse(Node node)
    {
        if (node.Inputs.Any(input => !input.Shape.Dimensions.SequenceEqual(node.Output!.Shape.Dimensions)))
            return "has operands of different shapes, which GPUs have no kernel for yet";
        return CudaActivations.Refuse(node.Op);
    }

    public override void Select(CudaSelection selection, Node node)
    {
        long length = node.Output!.Shape.Size;
        int inputs = node.Inputs.Count;
        CudaKernel kernel = selection.Kernel(node, (node.Op, inputs), ElementwiseKernel.Threads,
            name => ElementwiseKernel.Write(name, node.Title, (IElementwise)node.Op, inputs));
        CudaCount count = CudaCount.OfSamples(length);
        selection.Launch(kernel, new CudaExtent(count, ElementwiseKernel.Threads), CudaExtent.One,
            [.. node.Inputs.Select(selection.Of), selection.Of(node.Output!), CudaSelection.Of(count)]);
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

    public static PtxFloat Apply(PtxWriter writer, Activation activation, PtxFloat x)
        => new PtxCode(writer).With("x", x).Float(ActivationFunction.For(activation).Apply(ElementValue.Named("x")), "y");
}
