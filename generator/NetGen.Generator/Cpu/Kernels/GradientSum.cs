using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Adds the gradients that several layers have given for one tensor.</summary>
internal static class GradientSum
{
    /// <param name="length">Floats of the packed tensor.</param>
    /// <param name="uses">How many layers use it, at least 2.</param>
    public static Kernel Create(string name, string summary, int length, int uses)
    {
        string[] further = Enumerable.Range(1, uses - 1).Select(turn => "further" + Literals.Int(turn)).ToArray();
        return new Kernel(name, summary, $"{Literals.Int(length)} floats, divided among workers.",
            [Floats("gradient"), .. further.Select(Floats), .. Share], (writer, isa, _) =>
        {
            writer.Line(TaskShare.Declare((length + Layout.Block - 1) / Layout.Block, "first", "end"));
            using (writer.Block($"for (int i = first * 16; i < end * 16; i += {Literals.Int(isa.Lanes)})"))
            {
                string sum = string.Join(" + ", further.Prepend("gradient").Select(pointer => isa.Load(pointer + " + i")));
                writer.Line(isa.Store($"({sum})", "gradient + i"));
            }
        });
    }
}
