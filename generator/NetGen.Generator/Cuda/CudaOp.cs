using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda;

/// <summary>What a GPU makes of a kind of op: its kernels, and how they are launched. One file for each in <c>Ops/</c>.</summary>
internal abstract class CudaOp
{
    /// <summary>Why a node of this kind has no kernel, as the end of a sentence; null where it has one.</summary>
    public virtual string? Refuse(Node node) => null;

    /// <summary>Whether a node's kernel can multiply each channel by a scale and add a shift: a batch normalisation behind it.</summary>
    public virtual bool FoldsNormalization(Node node) => false;

    /// <summary>Appends the launches of a node.</summary>
    public abstract void Select(CudaSelection selection, Node node);
}
