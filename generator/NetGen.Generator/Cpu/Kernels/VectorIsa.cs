using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// One instruction set as data: what a vector is called and how its few operations are spelled. Every kernel is described
/// once, for any number of lanes, and rendered with each of these.
/// </summary>
internal sealed class VectorIsa
{
    private readonly string? _multiplyAddCall;

    private VectorIsa(string suffix, int lanes, int registers, string title, string? multiplyAddCall)
    {
        Suffix = suffix;
        Lanes = lanes;
        Registers = registers;
        Title = title;
        _multiplyAddCall = multiplyAddCall;
    }

    /// <summary>Ends the names of all methods of this instruction set, and nothing else distinguishes them.</summary>
    public string Suffix { get; }

    /// <summary>Floats in a vector.</summary>
    public int Lanes { get; }

    /// <summary>Its processors can be told to fetch what is read later.</summary>
    public bool HasPrefetch => Lanes > 4;

    /// <summary>Architectural vector registers: the budget of a register tile.</summary>
    public int Registers { get; }

    /// <summary>E.g. <c>AVX-512</c>, for comments.</summary>
    public string Title { get; }

    public int Bits => Lanes * 32;

    public string Static => "Vector" + Literals.Int(Bits);

    public string Type => Static + "<float>";

    public string Zero => Type + ".Zero";

    /// <param name="address">A pointer, alone or with what is added to it.</param>
    public string Load(string address) => $"{Static}.Load({At(address)})";

    /// <summary>Weights as floats, whichever way they are kept: of bfloat16 the bits are the upper half.</summary>
    public string Load(string address, WeightFormat format) => (format, Lanes) switch
    {
        (WeightFormat.Float32, _) => Load(address),
        (_, 16) => $"Avx512F.ShiftLeftLogical(Avx512F.ConvertToVector512Int32(Vector256.Load({At(address)})), 16).AsSingle()",
        (_, 8) => $"Avx2.ShiftLeftLogical(Avx2.ConvertToVector256Int32(Vector128.Load({At(address)})), 16).AsSingle()",
        _ => $"Vector128.ShiftLeft(Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)({address})).AsUInt16()), 16).AsSingle()",
    };

    public string Broadcast(string scalar) => $"{Static}.Create({scalar})";

    public string Store(string vector, string address) => $"{Expressions.Operand(vector)}.Store({At(address)});";

    /// <summary>
    /// <c>&amp;p[16]</c> for <c>p + 16</c>: the compiler binds that at once, and for a sum tries every operator that there is, which took a
    /// quarter of its time. Sums of more terms stay, since adding terms to each other first would cost an instruction.
    /// </summary>
    private static string At(string address)
    {
        const string Plus = " + ";
        int at = address.IndexOf(Plus, StringComparison.Ordinal);
        if (at < 0 || !address.Take(at).All(c => char.IsLetterOrDigit(c) || c == '_'))
            return address;
        string term = address.Substring(at + Plus.Length);
        return Expressions.IsSum(term) ? address : $"&{address.Substring(0, at)}[{term}]";
    }

    /// <summary>
    /// a · b + c: a call, or a sum in brackets where there is none to call, so that it can stand anywhere in an expression. The operands
    /// may be any expressions.
    /// </summary>
    public string MultiplyAdd(string a, string b, string c) => _multiplyAddCall is null
        ? $"({Expressions.Operand(a)} * {Expressions.Operand(b)} + {Expressions.Operand(c)})"
        : $"{_multiplyAddCall}({a}, {b}, {c})";

    /// <summary>
    /// The instruction sets from wide to narrow. The 128-bit set serves x64 without AVX2, and Arm; before .NET 9 there is no
    /// portable fused operation, so it multiplies and adds.
    /// </summary>
    public static IReadOnlyList<VectorIsa> For(TargetSpec target) =>
    [
        new VectorIsa("Avx512", 16, 32, "AVX-512", "Avx512F.FusedMultiplyAdd"),
        new VectorIsa("Avx2", 8, 16, "AVX2 + FMA", "Fma.MultiplyAdd"),
        new VectorIsa("Vector128", 4, 16, "128-bit", target.HasMultiplyAddEstimate ? "Vector128.MultiplyAddEstimate" : null),
    ];
}
