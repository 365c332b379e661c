using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>Keys and values lie in a cache, which is never read beyond what has been written.</summary>
internal sealed class StreamAttentionCpu(Node node) : CpuOp<StreamAttentionOp>(node)
{
    public override long CacheLength => StreamAttentionKernel.CacheOf(Op);

    public override long ScratchLength => StreamAttentionKernel.ScratchOf(Op);

    public override void SelectKernels(KernelSelection selection)
    {
        (Value query, Value key, Value value) = AttentionOp.Three(Inputs);
        var kernel = new StreamAttentionKernel(
            selection.NameOf(Node), selection.SummaryOf(Node), Op, query.Layout, key.Layout, value.Layout, Output.Layout);
        selection.Call(kernel.Create(), Node, query, key, value, Output, selection.State(Node), KernelSelection.Position,
            KernelSelection.Scratch);
    }
}
