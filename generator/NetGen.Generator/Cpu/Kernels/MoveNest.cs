using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A loop whose rounds advance an input and an output by constant numbers of floats.</summary>
internal readonly record struct MoveAxis(int Extent, int From, int To);

/// <summary>Loops around a run of floats that is copied: neighbours in memory become one run, however many loops they were.</summary>
internal sealed class MoveNest
{
    private readonly List<MoveAxis> _axes;
    private readonly int _run;

    /// <param name="axes">In any order.</param>
    /// <param name="run">Floats that lie side by side in both.</param>
    public MoveNest(IEnumerable<MoveAxis> axes, int run)
    {
        // The output is written in the order of its memory.
        List<MoveAxis> sorted = axes.Where(axis => axis.Extent > 1).OrderBy(axis => Math.Abs(axis.To)).ToList();
        while (sorted.Count > 0 && sorted[0].From == run && sorted[0].To == run)
        {
            run *= sorted[0].Extent;
            sorted.RemoveAt(0);
        }
        for (int i = 0; i + 1 < sorted.Count;)
        {
            MoveAxis inner = sorted[i], outer = sorted[i + 1];
            if (outer.From == inner.From * inner.Extent && outer.To == inner.To * inner.Extent)
            {
                sorted[i] = inner with { Extent = inner.Extent * outer.Extent };
                sorted.RemoveAt(i + 1);
            }
            else
            {
                i++;
            }
        }
        sorted.Reverse();
        _axes = sorted;
        _run = run;
    }

    /// <summary>Whether it declares its pointers where it stands, and not inside a loop.</summary>
    public bool HasPointersInFront => !IsRun && Outer == 0;

    /// <summary>Runs are copied by a call, but for a block of channels or a single one.</summary>
    private bool IsRun => _run > 1 && _run != Layouts.Layout.Block;

    /// <summary>Loops around the pointers, which go along the innermost; calls that copy a run need none.</summary>
    private int Outer => IsRun ? _axes.Count : Math.Max(0, _axes.Count - 1);

    /// <summary>Writes the loops.</summary>
    /// <param name="from">Address of the first element in the input.</param>
    /// <param name="to">The same in the output.</param>
    public void Emit(SourceWriter writer, VectorIsa isa, string from, string to)
    {
        using var loops = new BlockStack(writer);
        const string Variables = "ijklm";
        int outer = Outer;
        for (int i = 0; i < outer; i++)
        {
            loops.Open(Loop(Variables[i], _axes[i].Extent));
            from += Term(Variables[i], _axes[i].From);
            to += Term(Variables[i], _axes[i].To);
        }
        if (IsRun)
        {
            string run = Literals.Int(_run);
            writer.Line($"new Span<float>({from}, {run}).CopyTo(new Span<float>({to}, {run}));");
            return;
        }
        writer.Line($"float* x = {from};");
        writer.Line($"float* y = {to};");
        MoveAxis? inner = outer < _axes.Count ? _axes[outer] : null;
        if (inner is MoveAxis axis)
            loops.Open(Loop(Variables[outer], axis.Extent));
        string x = inner is null ? "" : Index(Variables[outer], inner.Value.From);
        string y = inner is null ? "" : Index(Variables[outer], inner.Value.To);
        if (_run == 1)
        {
            writer.Line($"y[{(y.Length == 0 ? "0" : y)}] = x[{(x.Length == 0 ? "0" : x)}];");
            return;
        }
        for (int lane = 0; lane < _run; lane += isa.Lanes)
        {
            writer.Line(isa.Store(isa.Load(Literals.Plus(x.Length == 0 ? "x" : $"x + {x}", lane)),
                Literals.Plus(y.Length == 0 ? "y" : $"y + {y}", lane)));
        }
    }

    private static string Loop(char variable, int extent) => $"for (int {variable} = 0; {variable} < {Literals.Int(extent)}; {variable}++)";

    private static string Term(char variable, int stride) => stride == 0 ? "" : $" + {Index(variable, stride)}";

    private static string Index(char variable, int stride) => stride == 1 ? variable.ToString() : $"{variable} * {Literals.Int(stride)}";
}
