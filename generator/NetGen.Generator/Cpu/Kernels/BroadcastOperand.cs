using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// One of the values that a loop over all elements of another reads: along the dimensions where it has extent 1 and the other more, it
/// stays at its one element.
/// </summary>
internal sealed class BroadcastOperand
{
    private readonly Layout _layout;

    /// <param name="all">The value whose elements the loop runs over.</param>
    public BroadcastOperand(string name, Layout layout, Layout all)
    {
        Name = name;
        _layout = layout;
        RepeatsChannels = layout.Channels != all.Channels;
        RepeatsRows = layout.Height != all.Height;
        RepeatsColumns = layout.Width != all.Width;
    }

    public string Name { get; }

    public string Row => Name + "Row";

    public bool RepeatsChannels { get; }

    public bool RepeatsRows { get; }

    public bool RepeatsColumns { get; }

    public bool Repeats => RepeatsChannels || RepeatsRows || RepeatsColumns;

    /// <summary>Its channel, or its feature, is one lane, which all lanes are given.</summary>
    public bool RepeatsLanes => _layout.Kind switch
    {
        LayoutKind.Rows or LayoutKind.Blocked => RepeatsChannels,
        LayoutKind.Positions => RepeatsColumns,
        _ => false,
    };

    /// <summary>The address of a row's first pixel: variables hold plane and row.</summary>
    public string RowStart(string plane, string row)
    {
        string address = Name;
        if (!RepeatsChannels && plane != "0")
            address += $" + {plane} * {Literals.Int(_layout.PlaneStride)}";
        if (!RepeatsRows && row != "0")
            address += $" + {row} * {Literals.Int(_layout.RowStride)}";
        return Literals.Plus(address, _layout.Origin);
    }

    /// <summary>It is the same vector along a whole row.</summary>
    /// <param name="isa">Narrow vectors take the lanes of a pixel one part after the other.</param>
    public bool IsConstantInRow(VectorIsa isa) => RepeatsColumns && (RepeatsLanes || isa.Lanes == Layout.Block);

    /// <summary>The vector at an element of the row.</summary>
    /// <param name="pointer">Address of the row.</param>
    /// <param name="index">Floats from there to the vector, a variable or a number.</param>
    /// <param name="lane">The same to the vector from the beginning of its pixel.</param>
    public string Vector(VectorIsa isa, string pointer, string index, string lane)
    {
        if (RepeatsLanes)
            return isa.Broadcast(RepeatsColumns ? $"*{pointer}" : $"{pointer}[{(isa.Lanes == Layout.Block ? index : index + " & ~15")}]");
        return isa.Load(RepeatsColumns ? lane == "0" ? pointer : $"{pointer} + {lane}" : $"{pointer} + {index}");
    }
}
