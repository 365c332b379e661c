using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>
/// Every generated method stays at half of what makes the JIT give up optimising: above 60,000 bytes of IL, 20,000 instructions,
/// 2,000 basic blocks, 2,000 locals or 8,000 references to locals it keeps nothing in registers. Above about 500 locals it stops inlining.
/// </summary>
internal static class JitBudget
{
    private const int MaxBytes = 30_000, MaxInstructions = 10_000, MaxBlocks = 1_000, MaxLocals = 500, MaxLocalReferences = 4_000;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>Fails if a generated method of the assembly is above the budget.</summary>
    /// <param name="types">Which of its types.</param>
    /// <returns>The number of methods.</returns>
    public static int Check(Assembly assembly, Func<Type, bool>? types = null)
    {
        var faults = new List<string>();
        int methods = 0;
        foreach (MethodBase method in assembly.GetTypes().Where(types ?? (_ => true)).SelectMany(MethodsOf))
        {
            if (method.GetMethodBody() is not { } body)
                continue;
            methods++;
            Count count = Measure(body);
            int locals = body.LocalVariables.Count + method.GetParameters().Length;
            if (count.Bytes > MaxBytes || count.Instructions > MaxInstructions || count.Blocks > MaxBlocks || locals > MaxLocals
                || count.LocalReferences > MaxLocalReferences)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{method.DeclaringType!.FullName}.{method.Name}: {count.Bytes} bytes of IL, {count.Instructions} instructions, {count.Blocks} blocks, {locals} locals, {count.LocalReferences} references to locals"));
            }
        }
        Assert.True(faults.Count == 0, $"{faults.Count} of {methods} methods are above the budget:\n{string.Join('\n', faults)}");
        return methods;
    }

    private static IEnumerable<MethodBase> MethodsOf(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All));
    }

    private sealed record Count(int Bytes, int Instructions, int Blocks, int LocalReferences);

    private static Count Measure(MethodBody body)
    {
        byte[] il = body.GetILAsByteArray()!;
        int instructions = 0, references = 0;
        var starts = new HashSet<int> { 0 };
        for (int position = 0; position < il.Length;)
        {
            int opStart = position;
            short value = il[position++];
            if (value == 0xFE)
                value = unchecked((short)(0xFE00 | il[position++]));
            OpCode op = OpCodesByValue[value];
            instructions++;
            string opName = op.Name!;
            if (opName.StartsWith("ldloc", StringComparison.Ordinal) || opName.StartsWith("stloc", StringComparison.Ordinal)
                || opName.StartsWith("ldarg", StringComparison.Ordinal) || opName.StartsWith("starg", StringComparison.Ordinal))
                references++;
            int operand = position;
            position += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, operand),
                _ => 4,
            };
            // A block begins where a branch leads and behind a branch.
            switch (op.OperandType)
            {
                case OperandType.ShortInlineBrTarget:
                    starts.Add(position + (sbyte)il[operand]);
                    starts.Add(position);
                    break;
                case OperandType.InlineBrTarget:
                    starts.Add(position + BitConverter.ToInt32(il, operand));
                    starts.Add(position);
                    break;
                case OperandType.InlineSwitch:
                    for (int i = operand + 4; i < position; i += 4)
                        starts.Add(position + BitConverter.ToInt32(il, i));
                    starts.Add(position);
                    break;
            }
            Assert.True(position > opStart);
        }
        return new Count(il.Length, instructions, starts.Count, references);
    }
}
