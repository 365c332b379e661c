using System.Reflection;
using System.Reflection.Emit;

namespace NetGen.Generator.Tests.Architecture;

/// <summary>Which namespaces of an assembly know which, by what its types, members and instructions refer to.</summary>
/// <remarks>Not by the text: a <c>using</c> may be idle, and a type may be used without being named.</remarks>
internal sealed class AssemblyEdges
{
    private const BindingFlags All =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private readonly Assembly _assembly;
    private readonly SortedDictionary<(string From, string To), SortedSet<string>> _edges = [];

    private AssemblyEdges(Assembly assembly) => _assembly = assembly;

    /// <summary>From namespace to namespace, with the types that make the edge, as <c>Type → Type</c>.</summary>
    public static IReadOnlyDictionary<(string From, string To), SortedSet<string>> Of(Assembly assembly)
    {
        var edges = new AssemblyEdges(assembly);
        foreach (Type type in assembly.GetTypes())
            edges.Visit(type);
        return edges._edges;
    }

    private void Visit(Type type)
    {
        Add(type, type.BaseType);
        foreach (Type implemented in type.GetInterfaces())
            Add(type, implemented);
        foreach (FieldInfo field in type.GetFields(All))
            Add(type, field.FieldType);
        foreach (MethodBase method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
        {
            foreach (ParameterInfo parameter in method.GetParameters())
                Add(type, parameter.ParameterType);
            if (method is MethodInfo { ReturnType: { } result })
                Add(type, result);
            if (method.GetMethodBody() is not { } body)
                continue;
            foreach (LocalVariableInfo local in body.LocalVariables)
                Add(type, local.LocalType);
            Visit(type, method, body.GetILAsByteArray()!);
        }
    }

    private void Visit(Type type, MethodBase method, byte[] code)
    {
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int i = 0; i < code.Length;)
        {
            short value = code[i] == 0xFE ? unchecked((short)((code[i] << 8) | code[i + 1])) : code[i];
            OpCode instruction = s_opCodes[value];
            i += instruction.Size;
            switch (instruction.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    AddMember(type, _assembly.ManifestModule.ResolveMember(BitConverter.ToInt32(code, i), ofType, ofMethod));
                    i += 4;
                    break;
                case OperandType.InlineSwitch:
                    i += 4 + 4 * BitConverter.ToInt32(code, i);
                    break;
                default:
                    i += Size(instruction.OperandType);
                    break;
            }
        }
    }

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private void AddMember(Type from, MemberInfo? member)
    {
        Add(from, member as Type ?? member?.DeclaringType);
        if (member is MethodInfo { IsGenericMethod: true } method)
        {
            foreach (Type argument in method.GetGenericArguments())
                Add(from, argument);
        }
    }

    private void Add(Type from, Type? to)
    {
        if (to is null || to.IsGenericParameter)
            return;
        if (to.HasElementType)
        {
            Add(from, to.GetElementType());
            return;
        }
        foreach (Type argument in to.GetGenericArguments())
            Add(from, argument);
        if (to.Assembly != _assembly || from.Namespace is null || to.Namespace is null || from.Namespace == to.Namespace)
            return;
        if (!_edges.TryGetValue((from.Namespace, to.Namespace), out SortedSet<string>? types))
            _edges.Add((from.Namespace, to.Namespace), types = new SortedSet<string>(StringComparer.Ordinal));
        types.Add($"{Outermost(from)} → {Outermost(to)}");
    }

    private static string Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type.Name;
}
