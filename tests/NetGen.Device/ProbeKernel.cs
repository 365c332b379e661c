using System.Globalization;
using System.Text;

namespace NetGen.Checks;

/// <summary>
/// A kernel of one probe: a thread reads its operands, one behind the other, eight bytes for each number, does the instruction, and writes
/// the result the same way.
/// </summary>
internal static class ProbeKernel
{
    /// <summary>Threads of a block: one warp.</summary>
    public const int Threads = 32;

    /// <summary>A module of a kernel for each probe, which is called <c>probe</c> and the probe's place.</summary>
    public static string Module(IReadOnlyList<Probe> probes)
    {
        var text = new StringBuilder(".version 7.8\n.target sm_80\n.address_size 64\n");
        for (int i = 0; i < probes.Count; i++)
            text.Append(Kernel(probes[i], string.Create(CultureInfo.InvariantCulture, $"probe{i}")));
        return text.ToString();
    }

    /// <summary>Numbers of eight bytes that a thread reads.</summary>
    public static int Reads(Probe probe) => probe.Operands.Sum(Count);

    /// <summary>Numbers of eight bytes that a thread writes.</summary>
    public static int Writes(Probe probe) => Count(probe.Result);

    /// <summary>How many numbers an operand is.</summary>
    public static int Count(string type) => type switch
    {
        "barrier" => 0,
        "f32x4" or "tf32x4" or "bf16x4" => 4,
        "tf32x2" or "bf16x2" => 2,
        _ => 1,
    };

    /// <summary>The type of each of its numbers.</summary>
    public static string Element(string type) => type.Split('x')[0];

    private static string Kernel(Probe probe, string name)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""
            .visible .entry {{name}}(.param .u64 from, .param .u64 to)
            .maxntid {{Threads}}, 1, 1
            {
                .reg .pred %p<16>;
                .reg .b32 %r<24>;
                .reg .f32 %f<24>;
                .reg .b64 %rd<24>;
                .reg .f64 %fd<24>;
                ld.param.u64 %rd20, [from];
                cvta.to.global.u64 %rd20, %rd20;
                ld.param.u64 %rd21, [to];
                cvta.to.global.u64 %rd21, %rd21;
                mov.u32 %r20, %ctaid.x;
                mov.u32 %r21, %tid.x;
                mad.lo.s32 %r20, %r20, {{Threads}}, %r21;
                mul.wide.s32 %rd22, %r20, {{8 * Reads(probe)}};
                add.s64 %rd20, %rd20, %rd22;
                mul.wide.s32 %rd22, %r20, {{8 * Writes(probe)}};
                add.s64 %rd21, %rd21, %rd22;

            """);
        var operands = new List<string>();
        int next = 0;
        foreach (string type in probe.Operands)
        {
            string[] registers = [.. Enumerable.Range(next, Count(type)).Select(number => Load(text, Element(type), number))];
            next += registers.Length;
            operands.Add(type == "barrier" ? "0" : Together(registers));
        }
        string element = Element(probe.Result);
        // Behind those of the operands.
        string[] results = [.. Enumerable.Range(next, Writes(probe)).Select(number => Register(element, number))];
        text.Append(CultureInfo.InvariantCulture, $"    {probe.Form} {Together(results)}, {string.Join(", ", operands)}{probe.Rest};\n");
        for (int i = 0; i < results.Length; i++)
            Store(text, element, results[i], i);
        return text.Append("    ret;\n}\n").ToString();
    }

    private static string Together(string[] registers) => registers.Length == 1 ? registers[0] : $"{{{string.Join(", ", registers)}}}";

    private static string Load(StringBuilder text, string type, int number)
    {
        string register = Register(type, number);
        if (type == "pred")
        {
            text.Append(CultureInfo.InvariantCulture, $"    ld.global.u32 %r22, [%rd20+{8 * number}];\n");
            text.Append(CultureInfo.InvariantCulture, $"    setp.ne.s32 {register}, %r22, 0;\n");
            return register;
        }
        text.Append(CultureInfo.InvariantCulture, $"    ld.global.{Access(type)} {register}, [%rd20+{8 * number}];\n");
        return register;
    }

    private static void Store(StringBuilder text, string type, string register, int place)
    {
        if (type == "pred")
        {
            text.Append(CultureInfo.InvariantCulture, $"    selp.b32 %r22, 1, 0, {register};\n");
            (type, register) = ("b32", "%r22");
        }
        text.Append(CultureInfo.InvariantCulture, $"    st.global.{Access(type)} [%rd21+{8 * place}], {register};\n");
    }

    private static string Register(string type, int number) => string.Create(CultureInfo.InvariantCulture, $"{type switch
    {
        "pred" => "%p",
        "f32" => "%f",
        "f64" => "%fd",
        "b64" => "%rd",
        _ => "%r",
    }}{number}");

    private static string Access(string type) => type switch
    {
        "f32" => "f32",
        "f64" => "f64",
        "b64" => "u64",
        _ => "u32",
    };
}
