using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Tests;

/// <summary>What the assembler refuses is refused here, and what IEEE 754 leaves open as well.</summary>
public sealed class GrammarTests
{
    public static TheoryData<string> Accepted => new()
    {
        "add.s32 %r1, %r2, %r3;",
        "add.u32 %r1, %r2, -5;",
        "add.u32 %r1, %r2, 0xFFFFFFFF;",
        "@%p1 bra END; END:",
        "@!%p1 add.rn.f32 %f1, %f2, 0f3F800000;",
        "{ .reg .u32 %r1; add.s32 %r1, %r2, 1; }",
        "ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%at+16];",
        "ld.global.ca.nc.u32 %r1, [%at];",
        "st.volatile.global.u32 [%at+-4], %r1;",
        "setp.lt.and.f32 %p1|%p2, %f1, %f2, !%p3;",
        ".shared .align 16 .b8 a[64]; mov.u32 %r1, a; ld.shared.u32 %r2, [a+4];",
        ".shared .f32 a[2][3];",
        "mov.b64 %d1, {%r1, %r2}; mov.b64 {%r3, %r4}, %d1;",
        "ld.global.u8 %d1, [%at];",
        "add.rn.f32 %f1, %f2, %r3;",
        "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%f1, %f2, %f3, %f4}, {%r1, %r2, %r3, %r4}, {%r5, %r6}, {%f1, %f2, %f3, %f4};",
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%f1, %f2, %f3, %f4}, {%r1, %r2, %r3, %r4}, {%r5, %r6}, {%f1, %f2, %f3, %f4};",
        ".pragma \"nounroll\"; /* a comment\n over two lines */ // and one more",
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Accepts(string body) => Assert.NotEmpty(Kernels.Read(body).Instructions);

    public static TheoryData<string, string> Refused => new()
    {
        // Names.
        { ".reg .u32 %tid;", "'%tid' is the name of a special register" },
        { ".reg .u32 %x; .reg .f32 %x;", "'%x' is declared twice" },
        { "{ .reg .u32 %x; } mov.u32 %x, 1;", "a register is expected where %x stands" },
        { "add.s32 %r1, %r2, %r99;", "there is no register %r99" },
        { "bra NOWHERE;", "there is no label 'NOWHERE' in 'test'" },
        { "A: A:", "the label 'A' is there twice" },
        { "add.s32 %r1, %r2, %tid.x;", "the special register %tid.x can be moved and converted only" },
        { "mov.u32 %r1, %clock;", "there is no register %clock" },
        { ".shared .b8 a[64]; add.u32 %r1, a, 4;", "'a' is an array; its address can be moved to a register and be in brackets, nothing else" },
        { "ld.param.u64 %d1, [in];", "'test' has no parameter 'in'" },
        // Types.
        { "add.s32 %r1, %f2, %r3;", "%f2 is .f32, and .s32 is expected" },
        { "add.rn.f32 %f1, %f2, 1;", "1 is no .f32" },
        { "add.s32 %r1, %r2, 0f3F800000;", "0f3F800000 is no .s32" },
        { "add.s64 %d1, %d2, %r3;", "%r3 is .b32, and .s64 is expected" },
        { "add.s32 %r1, %r2, 4294967296;", "4294967296 is no .s32" },
        { "setp.lt.f32 %r1, %f1, %f2;", "%r1 is no predicate" },
        { "setp.lt.b32 %p1, %r1, %r2;", "'.lt' does not compare .b32" },
        { "setp.lo.s32 %p1, %r1, %r2;", "'.lo' does not compare .s32" },
        { "@%r1 ret;", "%r1 is no predicate" },
        { "ld.global.u32 %r1, [%r2];", "%r2 is .b32, and an address of this memory has 64 bits" },
        { "ld.global.v2.f32 %f1, [%at];", "2 values in braces are expected where %f1 stands" },
        { "ld.global.v4.f64 {%g0, %g1, %g2, %g3}, [%at];", "4 of .f64 are more than the 16 bytes of an access" },
        { "cvt.s32.f32 %r1, %f1;", "from .f32 to .s32 takes '.rni', '.rzi', '.rmi' or '.rpi'" },
        { "cvt.f32.s32 %f1, %r1;", "from .s32 to .f32 takes '.rn'" },
        { "cvt.rn.f64.f32 %g1, %f1;", "from .f32 to .f64 takes no rounding" },
        // Modifiers.
        { "add.f32 %f1, %f2, %f3;", "without '.rn' the assembler may fuse it with another instruction, and the bits are open" },
        { "mul.f32 %f1, %f2, %f3;", "without '.rn' the assembler may fuse it with another instruction, and the bits are open" },
        { "div.approx.f32 %f1, %f2, %f3;", "the result of '.approx' is not that of IEEE 754; use the form with '.rn' and without '.ftz'" },
        { "sqrt.approx.f32 %f1, %f2;", "the result of '.approx' is not that of IEEE 754; use the form with '.rn' and without '.ftz'" },
        { "fma.rn.ftz.f32 %f1, %f2, %f3, %f4;", "the result of '.ftz' is not that of IEEE 754; use the form with '.rn' and without '.ftz'" },
        { "fma.f32 %f1, %f2, %f3, %f4;", "'.rn' is expected where '.f32' stands" },
        { "mul.u32 %r1, %r2, %r3;", "a product of integers is .lo, .hi or .wide, one of floats none" },
        { "add.rn.s32 %r1, %r2, %r3;", "integers are not rounded" },
        { "add.s32.sat %r1, %r2, %r3;", "'add' has no modifier '.sat' in this place, or this machine does not simulate it" },
        { "ld.global.u32.nc %r1, [%at];", "'ld' has no modifier '.nc' in this place, or this machine does not simulate it" },
        { "bar.arrive 0;", "'.sync' is expected where '.arrive' stands" },
        { "bar.sync 16;", "a block has the barriers 0 to 15, and no 16" },
        { "atom.global.add.f32 %f1, [%at], %f2;", "a sum of floats by atomics has the order in which blocks happen to run, and no two runs need be alike" },
        { "red.global.cas.b32 [%at], %r1, %r2;", "'red' has no '.cas'" },
        { "activemask.b32 %r1;", "which lanes are together is the hardware's choice; say which lanes take part instead" },
        { "ld.local.u32 %r1, [%at];", ".local memory is not simulated: a kernel of ours keeps what is its own in registers" },
        { "st.const.u32 [%at], %r1;", "parameters and constants cannot be written" },
        { "cp.async.cg.shared.global [%r1], [%at], 8;", "copies 16 bytes, not 8" },
        { "mma.sync.aligned.m16n8k16.row.col.f32.tf32.tf32.f32 {%f1}, {%r1}, {%r2}, {%f1};", "there is no .m16n8k16 of .tf32" },
        { "griddepcontrol.wait;", "needs .target sm_90, and the module's is sm_80" },
        { "wgmma.fence.sync.aligned;", "'wgmma' is no instruction, or this machine does not simulate it" },
        // Form.
        { "add.s32 %r1, %r2;", "3 operands are expected, and there are 2" },
        { "ret %r1;", "0 operands are expected, and there are 1" },
        { "add.s32 %r1, %r2, 1.5;", "'1.5' is no number; one with a fraction is written by its bits, as 0f3F800000" },
        { "mov.f32 %f1, 0f3F80;", "'0f3F80' is no number: 8 hexadecimal digits follow '0f', and the sign is one of its bits" },
        { "add.s32 %r1, %r2, %r3", "',' is expected where 'ret' stands" },
        { "and.pred %p1, %p2, !%p3;", "'!' is not for the operands of predicate logic; use 'not.pred'" },
        { ".shared .b8 a[50000];", "'test' declares 50000 bytes of shared memory, and 49152 is the most" },
        { "ld.param.u32 %r1, [out+8];", "reads bytes 8 to 11 of the parameters, which have 8" },
        { "mov.u32 %r1, #;", "the character '#' has no meaning in PTX" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses(string body, string reason)
    {
        PtxException refusal = Assert.Throws<PtxException>(() => Kernels.Read(body));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "'.version' is expected where the end of the text stands")]
    [InlineData(".version 6.0\n.target sm_80\n.address_size 64", "version 6.0 is not one from 7.0")]
    [InlineData(".version 7.8\n.target gfx90\n.address_size 64", "a target such as sm_80 is expected where 'gfx90' stands")]
    [InlineData(".version 7.8\n.target sm_80\n.address_size 32", "'64' is expected where '32' stands")]
    [InlineData(Kernels.Head + ".func f() { ret; }", "'.func' is no declaration that this machine knows: a module has .entry, .const and .shared")]
    [InlineData(Kernels.Head + ".entry a() { ret; }\n.entry a() { ret; }", "the kernel 'a' is there twice")]
    [InlineData(Kernels.Head + ".entry a() { ret;", "an instruction is expected where the end of the text stands")]
    [InlineData(Kernels.Head + ".entry a(.param .u32 x, .param .u32 x) { ret; }", "two parameters are called 'x'")]
    [InlineData(Kernels.Head + ".entry a() .maxntid 2048 { ret; }", "a block has 1 to 1024 threads, not 2048")]
    [InlineData(Kernels.Head + ".entry a(.param .b8 x[5000]) { ret; }", "a kernel's parameters have at most 4096 bytes, and these 5000")]
    [InlineData(Kernels.Head + ".const .f32 c[2] = {0f00000000, 0f00000000, 0f00000000};", "3 numbers for an array of 2")]
    [InlineData(Kernels.Head + ".const .u8 c[1] = {256};", "256 is no .u8")]
    [InlineData(Kernels.Head + ".const .b32 c[17000] = {0};", "constant memory holds 65536 bytes, and the module's is 68000")]
    [InlineData(Kernels.Head + ".extern .shared .b8 s[4];", "an .extern array is one without a size, 'name[]', and any other has one")]
    [InlineData(Kernels.Head + "/* never closed", "a comment that '/*' opens is not closed")]
    public void RefusesModules(string text, string reason)
    {
        PtxException refusal = Assert.Throws<PtxException>(() => PtxModule.Parse(text));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnErrorNamesItsLine()
    {
        PtxException refusal = Assert.Throws<PtxException>(() =>
            PtxModule.Parse(Kernels.Head + "// one\n.entry a()\n{\n    .reg .u32 %x;\n    mov.u32 %x, %y;\n}\n"));
        Assert.Equal(8, refusal.Line);
        Assert.Equal("PTX line 8: mov.u32: there is no register %y\n    mov.u32 %x, %y;", refusal.Message);
    }
}
