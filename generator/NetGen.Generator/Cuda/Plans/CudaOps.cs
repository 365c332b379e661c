using System.Collections.Concurrent;
using NetGen.Generator.Cuda.Ops;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Plans;

/// <summary>What a GPU makes of each kind of op.</summary>
internal static class CudaOps
{
    private static readonly ConcurrentDictionary<Type, CudaOp?> s_byOp = new();

    /// <summary>
    /// For <c>LinearOp</c> the class <c>LinearCuda</c> of <c>Cuda/Ops</c>, for any op that works element by element the one for those; null
    /// where there is nothing yet.
    /// </summary>
    public static CudaOp? Find(Op op) => s_byOp.GetOrAdd(op.GetType(), static type =>
    {
        const string Suffix = "Op";
        string stem = type.Name.Substring(0, type.Name.Length - Suffix.Length);
        Type? own = typeof(CudaOp).Assembly.GetType($"{typeof(CudaOp).Namespace}.Ops.{stem}Cuda");
        if (own is null && typeof(IElementwise).IsAssignableFrom(type))
            own = typeof(ElementwiseCuda);
        return own is null ? null : (CudaOp)Activator.CreateInstance(own)!;
    });

    /// <summary>Whether a node's kernel multiplies its results by the scale of a batch normalisation behind it.</summary>
    public static bool FoldsNormalization(Node node) => Find(node.Op)?.FoldsNormalization(node) == true;
}
