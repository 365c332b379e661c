using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class ZeroCpu(Node node) : CpuOp<ZeroOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        Layout layout = Output.Layout.OfPosition;
        string summary = $"No loss is of this output {Output.Shape}: its gradient is zero.";
        var kernel = new Kernel(Name, summary, $"{layout}.", [Floats("output"), CountOf(layout)], (writer, _, _) =>
        {
            writer.Line($"for (int n = 0; n < {Elementwise.CountName(layout)}; n++, output += {Literals.Int(layout.SampleStride)})");
            using (writer.Indent())
                writer.Line($"new Span<float>(output, {Literals.Int(layout.Size)}).Clear();");
        }) { IsHot = false };
        selection.CallEach(kernel, Node, Output);
    }
}
